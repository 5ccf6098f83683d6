"""The model learns from lessons: the same weights for the same lines, and harm stays harm beside kind words."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from moderation.classifier import softmax
from moderation.classifier.fitting import fit
from moderation.classifier.school import Lesson, taught_lessons
from moderation.classifier.train import joined, matrix

HARMFUL = ["you are a stupid idiot", "what an ugly fool", "stupid ugly idiot", "you fool, you idiot"]
KIND = ["what a lovely afternoon", "thank you all so much", "lovely cakes, thank you", "see you all on friday"]


@pytest.fixture(scope="module")
def rows():
    return matrix([*HARMFUL, *KIND])


def chances(network, rows):
    return softmax(np.maximum(rows @ network.seen + network.seen_bias, 0) @ network.told + network.told_bias)


def learn(rows):
    count = rows.shape[0]
    many = np.tile(np.arange(count), 100)
    return fit(rows[many], many // len(HARMFUL), np.ones(len(many), np.float32), 2)


def test_network_learns_to_tell_comments_apart(rows):
    found = chances(learn(rows), rows)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert (found[:4, 0] > 0.9).all()
    assert (found[4:, 1] > 0.9).all()


def test_same_lines_give_the_same_weights(rows):
    first, second = learn(rows), learn(rows)
    assert (first.seen == second.seen).all()
    assert (first.told == second.told).all()


def test_harm_beside_kind_words_is_taught_as_harm():
    lessons = [
        Lesson("insult", HARMFUL[0]),
        *(Lesson("allow", text) for text in KIND),
        Lesson("criticism", "A poor show"),
    ]
    found = list(joined(lessons))
    assert {lesson.harm for lesson in found} == {"insult", "criticism", "allow"}
    assert all((HARMFUL[0] in lesson.text) == (lesson.harm == "insult") for lesson in found)
    assert all("A poor show" in lesson.text for lesson in found if lesson.harm == "criticism")


def test_every_lesson_is_of_a_known_class():
    known = {
        "allow",
        "criticism",
        "report",
        "counter",
        "threat",
        "incite",
        "disclosure",
        "missing",
        "contact",
        "sexual",
        "lewd",
    }
    known |= {"allegation", "doxxing", "extremism", "weapons", "drugs", "insult", "prejudice", "private", "spam"}
    assert {lesson.harm for lesson in taught_lessons()} == known
