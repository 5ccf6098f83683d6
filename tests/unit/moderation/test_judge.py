"""Abuse is hidden, a cry for help reaches a person, and criticism is never hidden."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import Action, Comment, Context, Label, NameMention, PersonRole, Route, hide_order, judge
from moderation.evaluate import Figure, figures, judge_file

DATA = Path(__file__).parents[2] / "data" / "comments"


class Staff:
    """A school whose head is Mr Ellery and whose teacher is Ms Varga; Omar is a pupil."""

    WHO = (("mr ellery", PersonRole.HEAD), ("ms varga", PersonRole.STAFF), ("omar rahimi", PersonRole.PUPIL))

    def find(self, text):
        low = text.lower()
        return [
            NameMention(low.index(name), low.index(name) + len(name), name, role, 0.95)
            for name, role in self.WHO
            if name in low
        ]


@pytest.mark.parametrize(
    ("text", "action", "hidden"),
    [
        ("you fat ugly bitch", Action.HIDE, True),
        ("y o u  f a t  u g l y  b i t c h", Action.HIDE, True),
        ("yоu fаt uglу bіtch", Action.HIDE, True),
        ("I'll stab you after school", Action.ESCALATE, True),
        ("kill yourself", Action.ESCALATE, True),
        ("add my snap girls", Action.ESCALATE, True),
        ("I don't want to be here anymore", Action.ESCALATE, False),
        ("my dad hits me every night", Action.ESCALATE, False),
        ("I want to die, you are all idiots", Action.ESCALATE, False),
        ("I want to die and Mr Brown touched my sister, he is a paedo", Action.ESCALATE, True),
        ("I want to die, I live at 14 Mill Lane, ring 07700 900123", Action.ESCALATE, True),
        ("I want to die. kill yourself", Action.ESCALATE, True),
        ("dirty pikeys", Action.HIDE, True),
        ("ring me on 07700 900123", Action.HIDE, True),
        ("my son was called a faggot by another boy", Action.REVIEW, False),
        ("Worst school ever, nobody answers the phone", Action.ALLOW, False),
        ("What a bloody brilliant show!", Action.ALLOW, False),
        ("4B smashed it at sports day", Action.ALLOW, False),
        ("Thank you Mrs Cockburn", Action.ALLOW, False),
    ],
)
def test_comment_gets_the_action_its_harm_calls_for(text, action, hidden):
    verdict = judge(Comment(text))
    assert (verdict.action, verdict.hide) == (action, hidden), verdict.reasons


@pytest.mark.parametrize("name", ["dev.jsonl", "test.jsonl", "fresh.jsonl"])
def test_criticism_and_thanks_are_never_hidden(name):
    hidden = [item.text for item in judge_file(DATA / name) if item.is_hidden and item.kind in ("criticism", "benign")]
    assert hidden == []


def test_figures_on_comments_the_rules_were_not_written_from():
    found = figures(judge_file(DATA / "test.jsonl"))
    assert found["auto-hide precision"].share >= 0.95
    assert found["harmful acted on"].share >= 0.80
    assert found["harmful seen by a person"].share >= 0.95
    assert found["escalations reaching a person"].share >= 0.97
    assert found["tricky_benign hidden"].share <= 0.03


def test_what_only_sounds_like_harm_is_not_hidden_and_hate_without_slurs_is_seen():
    judged = judge_file(DATA / "traps.jsonl")
    assert [item.text for item in judged if item.is_hidden and item.expected in (Action.ALLOW, Action.REVIEW)] == []
    assert [item.text for item in judged if not item.is_seen and item.expected in (Action.HIDE, Action.ESCALATE)] == []


def test_interval_of_a_figure_is_wilsons():
    low, high = Figure(90, 100).interval
    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)


def test_accusation_of_the_head_goes_to_the_chair_and_not_to_the_head():
    verdict = judge(Comment("Mr Ellery stole the trip money"), Context(names=Staff()))
    assert verdict.restricted
    assert verdict.routes == (Route.CHAIR_OF_GOVERNORS,)


def test_accusation_of_a_teacher_leaves_the_general_queue():
    verdict = judge(Comment("Ms Varga hit my son"), Context(names=Staff()))
    assert verdict.restricted
    assert Label.ALLEGATION_STAFF in verdict.categories


def test_accusation_is_found_where_it_stands_behind_pictures_and_accents():
    text = "👩‍🎓" * 200 + " Ms Varga hit my son"
    verdict = judge(Comment(text), Context(names=Staff()))
    assert any(signal.rule == "allegation.named_staff" for signal in verdict.signals)


def test_pupil_named_under_a_photo_is_hidden():
    assert judge(Comment("That is Omar Rahimi!"), Context(names=Staff(), post_has_photos=True)).hide


def test_every_decision_says_why():
    verdict = judge(Comment("you are dead, watch your back"))
    assert verdict.reasons[0].startswith("It ")
    assert verdict.policy_version


@given(st.text(max_size=400))
def test_judging_never_fails_and_spans_lie_inside_the_text(text):
    verdict = judge(Comment(text))
    assert all(0 <= signal.start <= signal.end <= len(text) for signal in verdict.signals)


def test_lone_surrogates_and_endless_texts_are_judged():
    assert judge(Comment("\ud800 hello")).action is Action.ALLOW
    assert judge(Comment("you are a wanker " * 2000)).hide


def test_worst_is_hidden_first():
    threat, insult = judge(Comment("I'll stab you")), judge(Comment("you fat bitch"))
    assert sorted([insult, threat], key=hide_order) == [threat, insult]
