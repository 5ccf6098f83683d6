"""Read a text through its disguises and keep, for every letter, where it stood in the original."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = frozenset(
    chr(code)
    for code in (
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE0020), *range(0xE0100, 0xE01F0),
    )
)  # fmt: skip
_LOOK_ALIKES = (
    dict(
        zip(
            "аеорсухіјѕԁһԛԝвкмнтӏпгиАВЕКМНОРСТУХІЈЅԀԌԚԜԛɡαοενικρτυχηωσβγδμζΑΒΕΖΗΙΚΜΝΟΡΤΥΧոսհօցᎪᏴᏟᎠᎬᎻᎥᎫᏦᏞᎷᏢᏚᎢᏙᏔᏃ",
            "aeopcyxijsdhqwbkmhtlnruABEKMHOPCTYXIJSDGQWqgaoevikptuxnwoBydmzABEZHIKMNOPTYXnuhogABCDEHIJKLMPSTVWZ",
            strict=True,
        )
    )
    | dict(
        zip(
            "ᗩᗷᑕᗪᖴᕼᒍᛕᒪᗰᑎᑭᖇᔕᑌᐯᗯᘔꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ₳฿₵₣₲₭₥₦₱₴₮₩ΛΣЯИคє๒๔๓ภ๏รเ",
            "ABCDFHJKLMNPRSUVWZABCDEFGHIJKLMNOPRSTUVWXYZABCFGKMNPSTWAERNaebdmnosi",
            strict=True,
        )
    )
    | {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "Æ": "Ae",
        "Œ": "Oe",
        "þ": "th",
        "Þ": "Th",
        "ð": "d",
        "Ð": "D",
        "ı": "i",
        "ſ": "s",
        "ə": "e",
        "Ə": "E",
    }
)
_APOSTROPHES = frozenset("’‘‛ʼʻ`´ʹ′＇")
_LATIN = re.compile(
    r"(?:NEGATIVE |CROSSED |CIRCLED |SQUARED |MODIFIER |TAG |FULLWIDTH |PARENTHESIZED )*"
    r"LATIN (?:(?:SMALL|CAPITAL) )?LETTER (?:SMALL )?(?:CAPITAL )?"
    r"(?:TURNED |REVERSED |SIDEWAYS |OPEN |CLOSED |SCRIPT |INSULAR |BARRED |DOTLESS |LONG )*([A-Z])(?: WITH .*| ROTUNDA)?$"
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")


@dataclass(frozen=True, slots=True)
class View:
    """A reading of a text: `shown` in plain letters, `text` the same in lower case, `origins` where each stood."""

    source: str
    shown: str
    text: str
    origins: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that the characters from start to end came from."""
        return (self.origins[start], self.origins[end - 1] + 1) if start < end else (0, 0)


def plain_view(text: str) -> View:
    """Return the text without accents, look-alikes, styled or invisible characters."""
    if text.isascii():
        return View(text, text, text.lower(), range(len(text)))
    shown: list[str] = []
    origins: list[int] = []
    for position, sign in enumerate(_without_flags(text)):
        for letter in _plain_sign(sign):
            shown.append(letter)
            origins.append(position)
    joined = "".join(shown)
    return View(text, joined, joined.lower(), tuple(origins))


def plain(text: str) -> str:
    """Return a word as the gazetteer compares it: plain lower-case letters."""
    return plain_view(text).text


def letters_of(name: str) -> str:
    """Return the letters of a name alone, run together: `O'Neill-Smith` gives `oneillsmith`."""
    return "".join(sign for sign in plain(name) if sign.isalnum())


def _without_flags(text: str) -> str:
    """Blank pairs of regional signs, which are flags; longer runs are letters in disguise."""
    return _FLAG.sub(lambda run: " " * len(run.group()) if len(run.group()) == 2 else run.group(), text)


@lru_cache(maxsize=8192)
def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _INVISIBLE or unicodedata.combining(sign):
        return ""
    if sign in _APOSTROPHES:
        return "'"
    if sign in _LOOK_ALIKES:
        return _LOOK_ALIKES[sign]
    named = _LATIN.match(unicodedata.name(sign, ""))
    if named:
        return named[1] if "SMALL LETTER" not in unicodedata.name(sign) else named[1].lower()
    if "\U0001f1e6" <= sign <= "\U0001f1ff":
        return chr(ord("A") + ord(sign) - 0x1F1E6)
    folded = "".join(piece for piece in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(piece))
    folded = "".join(_LOOK_ALIKES.get(piece, "'" if piece in _APOSTROPHES else piece) for piece in folded)
    # a sign whose lower case is longer would shift every span after it
    return folded if len(folded.lower()) == len(folded) else folded.lower()[: len(folded)]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits as it is compared, with its place in the view and in the original."""

    text: str
    start: int
    end: int
    at: int
    """Where it begins in the view."""
    until: int
    is_capital: bool
    is_upper: bool
    is_owner: bool = False
    """It carried a possessive ending."""


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words_of(view: View) -> list[Word]:
    """Split a text into words; a possessive ending is cut off."""
    return [word_at(view, match.start(), match.end()) for match in _WORD.finditer(view.shown)]


def parts_of(word: Word, view: View) -> list[Word]:
    """Split `WellDoneAmelia` and `amelia09` at capitals and digits."""
    parts = [
        word_at(view, word.at + m.start(), word.at + m.end()) for m in _PART.finditer(view.shown[word.at : word.until])
    ]
    return parts if len(parts) > 1 or (parts and len(parts[0].text) < len(word.text)) else []


def word_at(view: View, at: int, until: int) -> Word:
    shown = view.shown[at:until]
    is_owner = shown[-2:] in ("'s", "'S") and len(shown) > 3
    if is_owner:
        shown, until = shown[:-2], until - 2
    start, end = view.span(at, until)
    return Word(
        text=shown.replace("'", "").lower(),
        start=start,
        end=end,
        at=at,
        until=until,
        is_capital=shown[:1].isupper(),
        is_upper=len(shown) > 1 and shown.isupper(),
        is_owner=is_owner,
    )
