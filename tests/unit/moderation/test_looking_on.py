"""Rules switched off, rules and models on trial, and opinions from outside change no verdict that they must not change."""

import time
from itertools import count

import pytest

from moderation import Action, Comment, Context, Label, Signal, judge, known_rules

_numbers = count()


class Outside:
    """An outside classifier that says one thing of every comment, late or failing if told so."""

    def __init__(self, label=Label.THREAT, score=1.0, delay=0.0, error=None):
        self.name = f"elsewhere-{next(_numbers)}"
        self.label, self.score, self.delay, self.error = label, score, delay, error
        self.asked = 0

    def classify(self, text):
        self.asked += 1
        time.sleep(self.delay)
        if self.error:
            raise self.error
        return [Signal("whatever", self.label, self.score, "is bad, says somebody else", 0, len(text))]


class NewModel:
    """A candidate that takes everything for a threat."""

    def signals(self, text):
        return [Signal("model.new", Label.THREAT, 0.99, "is a threat to the new model", 0, len(text))]


def test_rule_that_is_switched_off_no_longer_acts_and_is_noted_beside():
    text = "you better watch your back"
    assert judge(Comment(text)).hide
    verdict = judge(Comment(text), Context(switched_off=frozenset({"threat.*", "model.*"})))
    assert verdict.action is Action.ALLOW
    assert verdict.shadow.hide
    assert {"threat.watch_out"} <= {signal.rule for signal in verdict.shadow.signals}


def test_switching_off_one_rule_leaves_the_others():
    text = "you fat bitch, I will stab you"
    verdict = judge(Comment(text), Context(switched_off=frozenset({"threat.harm_intent"})))
    assert Label.INSULT in verdict.categories
    assert verdict.hide


def test_rule_on_trial_changes_nothing_and_shows_what_it_would_have_done():
    verdict = judge(Comment("dirty pikeys"), Context(on_trial=frozenset({"slur.*", "prejudice.*", "model.*"})))
    assert not verdict.hide
    assert verdict.shadow.action is Action.HIDE


def test_new_model_looks_on():
    verdict = judge(Comment("What a lovely day"), Context(candidates=(NewModel(),)))
    assert (verdict.action, verdict.shadow.action) == (Action.ALLOW, Action.ESCALATE)


def test_nothing_beside_means_no_shadow():
    assert judge(Comment("you fat bitch")).shadow is None


def test_where_nothing_may_be_hidden_a_person_is_asked_and_grave_harm_is_told_as_ever():
    asks = Context(may_hide=False)
    insult, threat = judge(Comment("you fat bitch"), asks), judge(Comment("I will stab you"), asks)
    assert (insult.hide, insult.action) == (False, Action.REVIEW)
    assert (threat.hide, threat.action) == (False, Action.ESCALATE)


@pytest.mark.parametrize("label", [Label.THREAT, Label.INSULT, Label.DISCLOSURE, Label.SPAM, Label.ALLEGATION_HEAD])
def test_opinion_from_outside_asks_a_person_and_never_hides_or_tells(label):
    verdict = judge(Comment("What a lovely day"), Context(classifiers=(Outside(label),)))
    assert (verdict.action, verdict.hide) == (Action.REVIEW, False)
    assert verdict.signals[0].rule.startswith("outside.")


@pytest.mark.parametrize("label", [Label.CRITICISM, Label.REPORT_OF_ABUSE, Label.COUNTER_SPEECH])
def test_opinion_from_outside_clears_nothing(label):
    assert judge(Comment("you fat ugly bitch"), Context(classifiers=(Outside(label),))).hide


def test_late_or_failing_opinion_is_skipped_and_not_waited_for_again():
    late, failing = Outside(delay=2.0), Outside(error=OSError("down"))
    started = time.monotonic()
    for _ in range(5):
        assert judge(Comment("What a lovely day"), Context(classifiers=(late, failing))).action is Action.ALLOW
    assert time.monotonic() - started < 1.5
    assert (late.asked, failing.asked) == (1, 1)


def test_ledger_tells_every_rule_with_its_labels_and_since_when():
    assert len(known_rules()) >= 90
    assert all(known.labels and known.since for known in known_rules())
