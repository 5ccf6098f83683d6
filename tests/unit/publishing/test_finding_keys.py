"""An answer to one finding answers no other."""

from dataclasses import replace
from datetime import date

import pytest

from app.posts.checks import key_of
from consent import CheckSettings, Severity, check_text
from consent.model import Answer, Box, Disposition, Finding, Picture, Quality, Sighting
from consent.recognisability import FaceRule, judge_recognisability
from consent.words.gazetteer import compile_gazetteer
from tests.support.registers import ListedRegister, pupil

PLAIN = Quality(height=120, sharpness=200, turned=5, covered=0)


def held(*numbers, severity=Severity.HOLD):
    answer = Answer(Disposition.ROLL_CALL)
    faces = tuple(Sighting(number, Box(0, 0, 9, 9), answer=answer, quality=PLAIN) for number in numbers)
    [finding] = judge_recognisability([Picture("p", faces)], FaceRule(severity))
    return finding


@pytest.mark.parametrize("other", [held(1, severity=Severity.WARN), held(2), held(1, 2)])
def test_release_of_faces_that_can_be_recognised_covers_these_faces_alone(other):
    assert key_of(other) != key_of(held(1))
    assert key_of(held(1)) == key_of(held(1))


def test_acknowledged_warning_releases_no_hold():
    warning = Finding("face.possible", Severity.WARN, "Look closely.", picture_id="p", face=1)
    assert key_of(warning) != key_of(replace(warning, severity=Severity.HOLD))


def test_two_hidden_words_of_one_caption_are_answered_apart():
    register = ListedRegister([pupil("one", "Rose Hill")])
    held = [
        check_text(
            f"With Mr%20{word}",
            register,
            names=compile_gazetteer(register.people()),
            settings=CheckSettings(),
            on=date(2026, 11, 2),
            with_photo=False,
        ).findings
        for word in ("Tomlin", "Oswald")
    ]
    first, second = ({key_of(finding) for finding in findings if finding.span is None} for findings in held)
    assert (len(first), len(second), len(first | second)) == (1, 1, 2)
