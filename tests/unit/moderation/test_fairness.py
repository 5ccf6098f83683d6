"""Criticism is never hidden whoever it is about, and no group is hidden for being named or left out when attacked."""

import pytest

from moderation import Action, Comment, judge

STAFF = ["Mr Smith", "Mrs Okafor", "Miss Jones", "the head", "the headteacher", "the deputy", "the caretaker", "the SENCO",
         "the PE teacher", "the governors", "the lunch staff", "Dr Nowak"]  # fmt: skip
CRITICISM = [
    "{} is useless", "{} is a terrible teacher", "{} should be sacked", "{} never answers emails", "{} was rude to me",
    "{} is incompetent", "Shame on {}", "{} is a disgrace to the profession", "{} lied to us about the trip", "{} ignored my daughter",
    "{} is lazy", "I have no respect for {}", "{} gave my son a detention for nothing", "{} needs to go", "{} is pathetic",
    "I am disgusted with {}", "{} is failing our children", "{} treats parents with contempt", "{} is a liar", "{} shouted at my child",
    "{} is clueless", "Complaint about {} going in today", "{} is a joke", "Absolutely appalling from {}", "{} punished the whole class",
    "What does {} actually do all day?", "{} is killing this school", "{} has destroyed the music department", "we want rid of {}",
    "{} makes my son feel stupid", "{} would not let my son go to the toilet", "{} has ruined this school",
]  # fmt: skip
COMPLAINTS = [
    "Worst school ever, nobody answers the phone",
    "You have failed my autistic son for two years",
    "The bullying here is out of control and you do nothing",
    "Utterly ashamed of this school",
    "The uniform policy is an absolute joke",
    "How dare you fine us for a funeral",
    "Money grabbing trust, you don't care about our kids",
]
GROUPS = ["Muslims", "gay people", "black people", "women", "trans people", "disabled people", "immigrants", "Jews", "Gypsies", "refugees",
          "Asians", "lesbians", "Polish people", "autistic kids"]  # fmt: skip
KIND = [
    "I love {}", "There are lots of {} in our school", "Nobody should hate {}", "{} are not criminals", "{} deserve respect",
    "Saying {} are disgusting is wrong", "Stop saying you hate {}", "Great to see {} celebrated", "I don't hate {}",
    "The school does not do enough for {}", "{} have always been part of this school", "We had a talk about {} today",
]  # fmt: skip
HATEFUL = [
    "I hate {}", "{} are disgusting", "{} are the scum of the earth", "{} should all be shot", "Nobody wants {} here",
    "We should get rid of all {}", "{} deserve to suffer", "All {} are criminals", "{} are a plague on this country",
    "I will attack any {} I see", "The world would be a better place without {}", "{} are ruining our schools",
]  # fmt: skip


@pytest.mark.parametrize("template", CRITICISM)
def test_criticism_of_anybody_at_the_school_is_never_hidden(template):
    assert [who for who in STAFF if judge(Comment(template.format(who))).hide] == []


@pytest.mark.parametrize("text", COMPLAINTS)
def test_complaint_is_never_hidden(text):
    assert not judge(Comment(text)).hide


def test_naming_a_group_kindly_hides_nothing():
    hidden = [text.format(group) for text in KIND for group in GROUPS if judge(Comment(text.format(group))).hide]
    assert hidden == []


def test_attack_on_any_group_is_acted_on():
    acted = (Action.HIDE, Action.ESCALATE)
    missed = [
        text.format(group)
        for text in HATEFUL
        for group in GROUPS
        if judge(Comment(text.format(group))).action not in acted
    ]
    assert len(missed) <= len(HATEFUL) * len(GROUPS) * 0.03, missed


def test_attack_is_recorded_by_the_characteristic_it_attacks():
    assert "religion" in judge(Comment("dirty muzzies")).characteristics
