"""How words that stand in the way are mended with one tap: taken out, or said without the name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consent.codes import Code
from consent.model import Finding, SurfaceKind

_OWNER = re.compile(r"['’]s\b")
_IN_WORD = re.compile(r"[\w@#]")
_MENDED = (SurfaceKind.CAPTION, SurfaceKind.ALT_TEXT, SurfaceKind.LINK)
_OF_PUPILS = frozenset(
    {
        Code.NAME_IN_PHOTO_POST, Code.NAME_IN_POST, Code.NAME_BY_DISMISSED_FACE, Code.NAME_WHICH, Code.NAME_SURNAME,
        Code.NAME_WITH_DETAILS, Code.NAME_WITH_CLASS, Code.NAME_MAYBE, Code.NAME_UNKNOWN,
    }
)  # fmt: skip
_PUPIL, _STAFF = "one of our pupils", "a member of staff"


@dataclass(frozen=True, slots=True)
class Mend:
    """Put `replacement` in the place of the characters from start to end."""

    label: str
    start: int
    end: int
    replacement: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.replacement + text[self.end :]


def mends_for(text: str, finding: Finding) -> Sequence[Mend]:
    """Return what one tap may do about a finding that stands somewhere in this text."""
    if finding.span is None or finding.surface not in _MENDED:
        return ()
    start, end = _whole_word(text, *finding.span)
    if finding.surface is SurfaceKind.LINK:
        return (Mend("Take the link out", 0, len(text), ""),)
    code = Code(finding.code)
    if code in _OF_PUPILS or code is Code.NAME_STAFF:
        return _for_name(text, finding.span, (start, end), _STAFF if code is Code.NAME_STAFF else _PUPIL)
    label = "Take the link out" if code.value.startswith("link.") else "Take this out"
    return (_removal(text, *finding.span, label),)


def _for_name(text: str, span: tuple[int, int], word: tuple[int, int], instead: str) -> Sequence[Mend]:
    owner = _OWNER.match(text, word[1])
    end = owner.end() if owner else word[1]
    if word != span and text[word[0]] in "#@":
        return (_removal(text, word[0], end, f"Remove “{text[word[0] : end]}”"),)
    said = instead + ("’" if instead.endswith("s") else "’s") * bool(owner)
    if _starts_sentence(text, word[0]):
        said = said[0].upper() + said[1:]
    return (
        _removal(text, word[0], end, "Remove the name"),
        Mend(f"Use “{instead}”", word[0], end, said),
    )


def _whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """Take the rest of a word or of a tag along: half of `#WellDoneAmelia` is no word."""
    while start and _IN_WORD.match(text[start - 1]) and (_IN_WORD.match(text[start]) or text[start - 1] in "#@"):
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _removal(text: str, start: int, end: int, label: str) -> Mend:
    """Cut a piece out with the comma, the "and" and the space that belong to it."""
    before, after = text[:start], text[end:]
    if joined := re.search(r",? (?:and|&) $", before):
        start = joined.start()
    elif joined := re.match(r" (?:and|&) ", after):
        if listed := re.search(r", $", before):
            start = listed.start()
        else:
            end += joined.end()
    elif (joined := re.match(r", ", after)) and not before.endswith(", "):
        end += joined.end()
    elif (listed := re.search(r", $", before)) and not after.strip():
        start = listed.start()
    elif after[:1] == " " and _starts_sentence(text, start):
        end += 1
    elif re.search(r"[^\S\n]$", before) and re.match(r"[\s.,!?;:…]|$", after):
        start -= 1
    following = text[end : end + 1]
    if following.islower() and _starts_sentence(text, start):
        return Mend(label, start, end + 1, following.upper())
    return Mend(label, start, end, "")


def _starts_sentence(text: str, start: int) -> bool:
    return not text[:start].strip() or bool(re.search(r"(?:[.!?…]|\n)\s*$", text[:start]))
