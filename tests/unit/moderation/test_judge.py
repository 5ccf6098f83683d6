"""Abuse is hidden, a cry for help reaches a person, and criticism is never hidden."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import Action, Comment, Context, Label, NameMention, PersonRole, Route, hide_order, judge
from moderation.evaluate import Figure, figures, judge_file

FOR_A_CHILD = ("disclosure", "missing_child", "contact_seeking")
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


def test_nothing_of_the_sixth_set_is_hidden_wrongly_and_grave_harm_reaches_people():
    judged = judge_file(DATA / "sixth.jsonl")
    found = figures(judged)
    assert [item.text for item in judged if item.is_hidden and item.expected in (Action.ALLOW, Action.REVIEW)] == []
    assert found["escalations told at once"].share >= 0.97
    assert [
        item.text for item in judged if item.kind in FOR_A_CHILD and item.verdict.action is not Action.ESCALATE
    ] == []
    assert found["escalations reaching a person"].share == 1
    assert found["harmful acted on"].share >= 0.90


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


@pytest.mark.parametrize(
    "text",
    [
        "I'm going to jump off the roof of the science block tomorrow",
        "im gonna jump off the bridge after school",
        "i have pills and i'll do it in front of everyone",
        "my daughter says she wants to jump off a bridge",
    ],
)
def test_cry_for_help_stays_in_sight_though_its_words_are_those_of_a_threat(text):
    verdict = judge(Comment(text))
    assert (verdict.action, verdict.hide) == (Action.ESCALATE, False)


@pytest.mark.parametrize(
    "text",
    [
        "Run like a corner shop with the lights off",
        "Brain dead decision",
        "Like watching a slow puncture in a blazer",
        "I see comments have been switched off on the other post. That tells you everything.",
    ],
)
def test_scorn_that_speaks_of_nobody_is_criticism(text):
    assert not judge(Comment(text)).hide


def test_complaints_asked_for_alone_stay_visible():
    assert [item.text for item in judge_file(DATA / "complaints.jsonl") if item.is_hidden] == []


@pytest.mark.parametrize("text", ["He's a bully, not a leader", "The head is a snake", "She is a liar and a coward"])
def test_mild_words_about_anybody_are_left_to_a_person(text):
    verdict = judge(Comment(text))
    assert (verdict.action, verdict.hide) == (Action.REVIEW, False)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The person who runs this school is a paedophile", Label.ALLEGATION_HEAD),
        ("the HT is a nonce", Label.ALLEGATION_HEAD),
        ("whoever is in charge is a groomer", Label.ALLEGATION_HEAD),
        ("HT touches year 4s", Label.ALLEGATION_HEAD),
        ("the exec head touches kids", Label.ALLEGATION_HEAD),
        ("Der Schulleiter hat meine Tochter angefasst", Label.ALLEGATION_HEAD),
        ("Le directeur a touché ma fille", Label.ALLEGATION_HEAD),
        ("المدير لمس ابنتي", Label.ALLEGATION_HEAD),
        ("Our DSL abuses children", Label.ALLEGATION_STAFF),
        ("Ellery is grooming year 9 girls, everyone knows", Label.ALLEGATION_STAFF),
        ("one of the TAs is a kiddy fiddler", Label.ALLEGATION_STAFF),
        ("paedo working at this school", Label.ALLEGATION_STAFF),
        ("he put his hand up her skirt", Label.ALLEGATION_STAFF),
        ("a certain deputy sends nudes to year 9 girls", Label.ALLEGATION_STAFF),
        ("Hargreaves sends private messages to year 9 girls", Label.ALLEGATION_STAFF),
        ("El profesor tocó a mi hija", Label.ALLEGATION_STAFF),
        ("Teacher ne meri beti ko haath lagaya", Label.ALLEGATION_STAFF),
        ("Zabiję cię", Label.THREAT),
        ("Ich bringe dich um", Label.THREAT),
    ],
)
def test_accusation_of_abusing_children_is_told_whoever_is_meant_and_in_many_languages(text, label):
    verdict = judge(Comment(text))
    assert verdict.action is Action.ESCALATE
    assert label in verdict.categories
    assert (verdict.routes == (Route.CHAIR_OF_GOVERNORS,)) == (label is Label.ALLEGATION_HEAD)


@pytest.mark.parametrize(
    "text",
    [
        "Why is the head paid so much when the roof leaks?",
        "The head earns 110k and we're collecting Tesco vouchers",
        "The HT is a disgrace",
        "The story really touched the kids",
        "Is Mrs Cockcroft still doing recorder club?",
        "Moja córka bardzo lubi szkołę, dziękuję",
        "Llongyfarchiadau Blwyddyn 4!",
    ],
)
def test_complaint_and_praise_that_name_no_wrong_are_neither_secret_nor_hidden(text):
    verdict = judge(Comment(text))
    assert not verdict.hide
    assert not verdict.restricted


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
