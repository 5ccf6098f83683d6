"""Who tells of something grave is heard at once, and is not hidden for the words it takes."""

from pathlib import Path

import pytest

from moderation import Action, Comment, Label, Signal, judge
from moderation.decision import verdict_on
from moderation.evaluate import judge_file

SEEN = (Action.REVIEW, Action.ESCALATE)
DATA = Path(__file__).parents[2] / "data" / "comments"


@pytest.mark.parametrize(
    "text",
    [
        "Someone had a knife on the field at lunch. Please check it",
        "My son came home saying a boy in Year 9 had a knife in his sock on the bus. Who do I ring about this?",
        "I saw two lads waving a machete about at the gates",
    ],
)
def test_weapon_that_somebody_saw_is_told_at_once_and_stays(text):
    verdict = judge(Comment(text))
    assert verdict.action is Action.ESCALATE
    assert not verdict.hide


@pytest.mark.parametrize(
    "text",
    [
        "Someone followed my daughter (13) from the gate to the Co-op. Please warn the others",
        "there was a weird man taking photos through the fence at playtime",
        "Some strange man keeps watching the children at the gates",
    ],
)
def test_stranger_near_the_children_is_told_at_once(text):
    verdict = judge(Comment(text))
    assert verdict.action is Action.ESCALATE
    assert not verdict.hide


@pytest.mark.parametrize(
    "text",
    [
        "Bullying. Every day. Since September. What are you doing about it?",
        "2 black eyes in 3 weeks. Boys will be boys is NOT an answer",
        "they've made a group chat just to talk about how fat i am",
        "My lad is still being bullied and nobody rings back",
    ],
)
def test_bullying_that_goes_on_reaches_a_person_and_stays(text):
    verdict = judge(Comment(text))
    assert verdict.action in SEEN
    assert not verdict.hide


@pytest.mark.parametrize(
    "text",
    [
        "Loved the anti-bullying assembly, thank you",
        "Anti-bullying ambassadors again this year, so proud",
        "Someone filmed the whole play, can I get a copy?",
    ],
)
def test_words_about_it_hide_nothing_and_call_nobody(text):
    verdict = judge(Comment(text))
    assert verdict.action is not Action.ESCALATE
    assert not verdict.hide


@pytest.mark.parametrize("label", [Label.THREAT, Label.WEAPONS, Label.DRUGS])
def test_grave_harm_that_is_reported_is_told_and_not_hidden(label):
    signals = [Signal("a", label, 0.9, "is", 0, 1), Signal("b", Label.REPORT_OF_ABUSE, 0.9, "is", 0, 1)]
    verdict = verdict_on(signals, "en")
    assert verdict.action is Action.ESCALATE
    assert not verdict.hide


def test_of_eighty_reports_nearly_all_reach_a_person_and_thanks_are_not_hidden():
    judged = judge_file(DATA / "reports.jsonl")
    assert [item.text for item in judged if item.is_hidden and item.expected is Action.ALLOW] == []
    reports = [item for item in judged if item.kind == "report"]
    assert sum(item.is_seen for item in reports) >= 0.95 * len(reports)
    assert sum(item.is_hidden for item in reports) <= 0.1 * len(reports)
