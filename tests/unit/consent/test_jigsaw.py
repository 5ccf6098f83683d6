"""Names in one post and photos in another of the same event."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consent import Code, Neighbour, Severity, judge_jigsaw
from consent.jigsaw import tags_of

DAY = date(2026, 5, 8)
NAMES = Neighbour(DAY, had_names=True, had_photos=False, classes=frozenset({"4 Oak"}))
PHOTOS = Neighbour(DAY, had_names=False, had_photos=True, classes=frozenset({"4 Oak", "5 Elm"}), label="Sports day")


def test_names_here_and_photos_there_are_held():
    [finding] = judge_jigsaw(NAMES, [PHOTOS])
    assert (finding.code, finding.severity) == (Code.JIGSAW, Severity.HOLD)
    assert "This post has names and the post “Sports day” has photos" in finding.message


def test_photos_here_and_names_there_are_held():
    [finding] = judge_jigsaw(PHOTOS, [NAMES])
    assert "This post has photos and the post of 8 May has names" in finding.message


@pytest.mark.parametrize(("days", "held"), [(-8, False), (-7, True), (0, True), (7, True), (8, False)])
def test_only_within_seven_days(days, held):
    assert bool(judge_jigsaw(NAMES, [replace(PHOTOS, day=DAY + timedelta(days=days))])) is held


@pytest.mark.parametrize(
    ("other", "held"),
    [
        (replace(PHOTOS, classes=frozenset({"1 Ash"})), False),
        (replace(PHOTOS, classes=frozenset()), True),
        (replace(PHOTOS, classes=frozenset({"1 Ash"}), people=frozenset({"a"})), True),
        (replace(PHOTOS, classes=frozenset({"1 Ash"}), tags=tags_of("Splash! #SportsDay2026")), True),
        (replace(PHOTOS, classes=frozenset({"1 Ash"}), tags=tags_of("Cakes #Fair")), False),
        (replace(PHOTOS, had_photos=False), False),
    ],
)
def test_same_people_or_classes_or_nothing_known(other, held):
    own = replace(NAMES, people=frozenset({"a"}), tags=tags_of("Well run! #sportsday2026", "https://a.example/"))
    assert bool(judge_jigsaw(own, [other])) is held


@pytest.mark.parametrize(
    ("caption", "link", "tags"),
    [
        ("Hooray #SportsDay and #sportsday!", None, {"#sportsday"}),
        ("Hooray", "https://School.example/sports/", {"https://school.example/sports"}),
        ("Room #", "", set()),
    ],
)
def test_tags_of_a_post(caption, link, tags):
    assert tags_of(caption, link) == tags
