"""A disguise keeps the verdict, kind words around abuse do not save it, and nobody is hidden for spelling oddly."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation import Action, Comment, judge
from moderation.lexicon import lookalikes

DATA = Path(__file__).parents[2] / "data"
ACTED = (Action.HIDE, Action.ESCALATE)
PLAIN = [
    "you fat ugly bitch",
    "I will stab you after school",
    "kill yourself loser",
    "all muslims are scum",
    "dirty pikeys go home",
    "that teacher is a wanker",
    "send me nudes girls",
]
CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")
LEET = str.maketrans("aeios", "43105")


def _words(change):
    """Disguise the longer words of a comment alone."""
    return lambda text: " ".join(change(word) if len(word) > 3 and word.isalpha() else word for word in text.split(" "))


UNICODE = {
    "look-alike letters": lambda text: text.translate(CYRILLIC),
    "full-width letters": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "mathematical letters": lambda text: "".join(
        chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower()
    ),
    "circled letters": lambda text: "".join(chr(0x24D0 + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower()),
    "zero-width spaces": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "joiners": "\u200d".join,
    "accents": lambda text: "".join(c + "\u0301" if c.isalpha() else c for c in text),
    "stacked marks": lambda text: "".join(c + "\u0336\u0317" if c.isalpha() else c for c in text),
    "right-to-left override": lambda text: f"\u202e{text}\u202c",
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "variation selectors": "\ufe0f".join,
    "capitals": str.upper,
}
WRITTEN = {
    "leet": _words(lambda word: word.lower().translate(LEET)),
    "spaced letters": _words(" ".join),
    "dotted letters": _words(".".join),
    "hyphens": _words("-".join),
    "underscores": _words("_".join),
    "stretched vowels": _words(lambda word: word[:2] + word[1] * 3 + word[2:]),
    "stretched ends": _words(lambda word: word + word[-1] * 4),
}


def _comments(*names):
    lines = [
        line
        for name in names
        for line in (DATA / "comments" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines]


def _harmful_and_caught():
    wanted = ("threat", "insult", "prejudice", "sexual", "contact_seeking", "extremism", "drugs")
    rows = [
        row["text"]
        for row in _comments("dev", "test")
        if row["kind"] in wanted and row["action"] in ("hide", "escalate")
    ]
    return [text for text in rows if judge(Comment(text)).action in ACTED]


def _recall(texts, disguise):
    return sum(judge(Comment(disguise(text))).action in ACTED for text in texts) / len(texts)


@pytest.mark.parametrize("name", UNICODE)
def test_unicode_disguise_keeps_99_of_100_verdicts(name):
    assert _recall(_harmful_and_caught(), UNICODE[name]) >= 0.99


@pytest.mark.parametrize("name", WRITTEN)
def test_spaced_stretched_and_leet_words_keep_9_of_10_verdicts(name):
    assert _recall(_harmful_and_caught(), WRITTEN[name]) >= 0.90


@pytest.mark.parametrize(
    "text",
    ["immigrants arevermin", "blackpeople are scum", "allmuslimsarescum", "I htae Muslims", "gay people are scmu"],
)
def test_words_that_run_together_or_slip_are_read(text):
    assert judge(Comment(text)).hide


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLAIN), st.randoms(use_true_random=False))
def test_any_mixture_of_look_alike_and_invisible_characters_is_seen_through(text, random):
    alike = {}
    for disguised, letter in lookalikes().items():
        alike.setdefault(letter, []).append(disguised)
    letters = [random.choice(alike[c]) if c in alike and random.random() < 0.4 else c for c in text.lower()]
    disguised = "".join(c + random.choice(("", "", "\u200b", "\u00ad", "\u0301")) for c in letters)
    assert judge(Comment(disguised)).action in ACTED


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([text for text in PLAIN if judge(Comment(text)).hide]),
    st.sampled_from(
        ["What a lovely day. ", "Well done everyone! ", "Thank you for the photos. ", "Year 4 were brilliant. "]
    ),
    st.integers(1, 8),
    st.booleans(),
)
def test_kind_words_around_abuse_do_not_bring_it_back(text, kind, times, before):
    padded = kind * times + text if before else f"{text}. {kind * times}"
    assert judge(Comment(padded)).hide


@pytest.mark.parametrize("disguise", [*UNICODE.values(), *WRITTEN.values()], ids=[*UNICODE, *WRITTEN])
def test_disguised_thanks_and_criticism_stay_visible(disguise):
    harmless = [row["text"] for row in _comments("dev", "test") if row["kind"] in ("benign", "criticism")][::3]
    assert sum(judge(Comment(disguise(text))).hide for text in harmless) <= len(harmless) * 0.02


def test_ordinary_sentences_of_school_life_are_never_hidden():
    lines = [
        line for name in ("ordinary", "held_out") for line in (DATA / "words" / f"{name}.txt").read_text().splitlines()
    ]
    sentences = [line for line in lines if line and not line.startswith("#")]
    assert [text for text in sentences if judge(Comment(text)).hide] == []
