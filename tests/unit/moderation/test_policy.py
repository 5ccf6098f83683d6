"""The written policy says what the table does, and no rule's name is ever used twice."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from moderation import POLICY_VERSION, Action, Advice, Comment, Label, Route, Signal, judge
from moderation.decision import verdict_on
from moderation.engine import LANGUAGE_FILE, RULE_FILES
from moderation.labels import in_order
from moderation.policy import QUOTED, RETOLD, ROW_OF, SOFTENED, TABLE, Reach
from moderation.policy_words import HARM_NAMES, policy_lines
from moderation.rules.phrase import phrase_rules

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "moderation-policy.md").read_text(encoding="utf-8")
LEDGER = tomllib.loads((ROOT / "moderation" / "rules" / "ledger.toml").read_text(encoding="utf-8"))
DATA = ROOT / "tests" / "data" / "comments"
ALL_FILES = (*RULE_FILES, LANGUAGE_FILE)


def test_written_policy_says_what_the_table_does():
    table = [line for line in DOCUMENT.splitlines() if line.startswith("|")]
    assert table == list(policy_lines())


def test_written_policy_names_its_version():
    assert f"Policy version: {POLICY_VERSION}\n" in DOCUMENT


def test_every_label_has_one_row_and_a_name_in_words():
    assert sorted(row.label for row in TABLE) == sorted(Label) == sorted(HARM_NAMES)


def test_criticism_is_not_hidden_by_any_row():
    assert not ROW_OF[Label.CRITICISM].hide
    assert ROW_OF[Label.CRITICISM].action is Action.ALLOW


def test_only_grave_harms_are_told_before_the_machine_is_sure():
    assert ROW_OF[Label.THREAT].reach(0.65) is Reach.TELLS
    assert ROW_OF[Label.INSULT].reach(0.65) is Reach.ASKS
    assert ROW_OF[Label.THREAT].reach(0.1) is Reach.NOTHING


def test_doubtful_cry_for_help_beside_a_sure_insult_still_reaches_safeguarding():
    insult = Signal("insult.aimed", Label.INSULT, 0.88, "insults somebody", 0, 5)
    doubt = Signal("model.disclosure", Label.DISCLOSURE, 0.5, "may be a cry for help", 0, 5)
    assert Route.SAFEGUARDING in verdict_on([insult, doubt], "en").routes
    assert Route.SAFEGUARDING not in verdict_on([insult], "en").routes


def test_words_retold_in_a_report_are_softened_and_never_dropped():
    assert not set(SOFTENED) & set(RETOLD)
    assert not set(QUOTED) & {*SOFTENED, *RETOLD}


@pytest.mark.parametrize(
    "rule", [rule for name in ALL_FILES for rule in phrase_rules(name)], ids=lambda rule: rule.rule
)
def test_phrase_rule_stands_in_the_ledger_with_its_meaning(rule):
    entry = LEDGER["rules"][rule.rule]
    assert rule.label.value in entry["labels"]
    assert "retired" not in entry


def test_no_two_phrase_rules_share_a_name():
    names = [rule.rule for name in ALL_FILES for rule in phrase_rules(name)]
    assert len(names) == len(set(names))


def test_every_signal_ever_seen_stands_in_the_ledger():
    lines = [
        line
        for name in ("dev", "test", "fresh")
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    seen = {
        (signal.rule, signal.label.value)
        for line in lines
        for signal in judge(Comment(json.loads(line)["text"])).signals
    }
    unknown = {(rule, label) for rule, label in seen if label not in LEDGER["rules"].get(rule, {}).get("labels", [])}
    assert unknown == set()


def test_name_that_is_in_no_rule_any_more_is_marked_retired():
    named = {rule.rule for name in ALL_FILES for rule in phrase_rules(name)}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "moderation").rglob("*.py"))
    prefixes = {"slur.", "model.", "allegation.named_"}
    gone = {
        rule
        for rule, entry in LEDGER["rules"].items()
        if rule not in named
        and f'"{rule}"' not in source
        and not any(rule.startswith(prefix) for prefix in prefixes)
        and "retired" not in entry
    }
    assert gone == set()


@pytest.mark.parametrize(
    "text",
    [
        "you fat ugly bitch",
        "I will stab you",
        "i want to die",
        "add my snap girls",
        "Year 10 are well fit",
        "ring 07700 900123",
    ],
)
def test_reasons_are_sentences_for_people_and_not_codes(text):
    for reason in judge(Comment(text)).reasons:
        assert reason.startswith("It ")
        assert reason.endswith((".", "”."))
        assert not re.search(r"\b[a-z]+[._][a-z_]+\b(?![^“]*”)", reason), reason


def test_officer_for_allegations_comes_before_the_helplines_and_danger_before_both():
    found = (Advice.HELPLINES, Advice.LOCAL_AUTHORITY_OFFICER, Advice.CALL_999, Advice.KEEP_EVIDENCE)
    wanted = [Advice.CALL_999, Advice.LOCAL_AUTHORITY_OFFICER, Advice.HELPLINES, Advice.KEEP_EVIDENCE]
    assert in_order(found) == wanted
