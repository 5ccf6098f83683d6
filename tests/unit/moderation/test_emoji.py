"""An emoji is read as the word a reader hears: in place of a group, a slur or a blow it is what it stands for."""

from pathlib import Path

import pytest

from moderation import Action, Comment, judge
from moderation.engine import read
from moderation.evaluate import figures, judge_file

ACTED = (Action.HIDE, Action.ESCALATE)
DATA = Path(__file__).parents[2] / "data" / "comments"


@pytest.mark.parametrize(
    "text",
    [
        "I hate 🏳️‍🌈 people",
        "kill all 🕋",
        "🧕 go home",
        "Muslims are 🐷",
        "black kids are 🐒🐒",
        "gays are 🤮 lol",
        "disabled people are 🗑️",
        "👊 the trans kids",
        "shoot the jews 🔥",
        "Mrs Ahmed is a 🐷",
        "I will 🔪 him after school",
        "Mr Hall 🔪🔪",
        "That teacher deserves a 🔫 to the head",
        "👨🏿 are 🐒",
    ],
)
def test_emoji_in_place_of_a_word_keeps_the_verdict(text):
    verdict = judge(Comment(text))
    assert verdict.action in ACTED
    assert verdict.hide


@pytest.mark.parametrize(
    "text",
    [
        "Great trip to see the 🐒 at the zoo",
        "Eid mubarak 🕌",
        "Happy pride 🏳️‍🌈🏳️‍⚧️",
        "Happy Hanukkah ✡️",
        "Proud of our Pride week 🏳️‍🌈",
        "What a fab culture day 🇯🇲 🇵🇰 🇮🇳 🇨🇳",
        "Well done lads 👊",
        "That cake was the 💣",
        "our two dads 👨‍❤️‍👨 had a great time",
        "Gorgeous 👧🏿 she worked so hard",
        "The best 👨🏾‍🏫 in the school",
        "Is there ♿ access at the fair?",
    ],
)
def test_the_same_emoji_in_kind_words_hides_nothing_and_calls_nobody(text):
    verdict = judge(Comment(text))
    assert verdict.action not in ACTED
    assert not verdict.hide


def test_emoji_that_splits_a_word_of_abuse_hides_it_no_more():
    assert read("fa🌈ggot").masked.text == "faggot"
    assert read("I🔪you").masked.text == "i knife you"


def test_piece_of_a_longer_emoji_is_not_read_alone():
    """A teacher with a dark skin tone is a teacher."""
    assert "black" not in read("👨🏾‍🏫").masked.text


@pytest.mark.parametrize("text", ["Muslims  are   vermin", "kill  all   muslims", "you  are a  fat   ugly bitch"])
def test_more_blanks_than_one_change_nothing(text):
    assert judge(Comment(text)).hide


def test_span_of_an_emoji_is_the_whole_of_it():
    text = "We love the 🏳️‍🌈 flag"
    view = read(text).plain
    start = view.text.index("gay")
    first, last = view.span(start, start + 3)
    assert text[first:last] == "🏳️‍🌈"


def test_figures_on_emoji_written_by_somebody_who_had_read_nothing():
    judged = judge_file(DATA / "emoji.jsonl")
    assert [item.text for item in judged if item.is_hidden and item.expected is Action.ALLOW] == []
    found = figures(judged)
    assert found["harmful acted on"].share >= 0.7
    assert found["harmful seen by a person"].share >= 0.95
