"""Whether somebody could be recognised is seen in the picture, and not only said by its author."""

from dataclasses import replace

import pytest

from consent import Code, Severity
from consent.model import Answer, Box, Disposition, Picture, Quality, Sighting
from consent.recognisability import Clarity, FaceRule, clarity, in_words, judge_recognisability

PLAIN = Quality(height=120, sharpness=200, turned=5, covered=0, sure=1)
MIDDLING = replace(PLAIN, height=45)
SMALL_AND_AWAY = replace(PLAIN, height=20, turned=75)


def picture(disposition, quality, *, by_hand=False):
    answer = Answer(disposition, "somebody") if disposition else None
    return Picture("p", (Sighting(1, Box(0, 0, 9, 9), answer=answer, quality=quality, drawn_by_hand=by_hand),))


def found(disposition, quality, rule=FaceRule(), **more):  # noqa: B008  frozen
    return [
        (finding.code, finding.severity)
        for finding in judge_recognisability([picture(disposition, quality, **more)], rule)
    ]


@pytest.mark.parametrize(
    ("quality", "words", "is_clear"),
    [
        (PLAIN, "large and looks at the camera", Clarity.PLAIN),
        (MIDDLING, "of middling size and looks at the camera", Clarity.FAIR),
        (SMALL_AND_AWAY, "small and turned away", Clarity.POOR),
        (replace(PLAIN, turned=40), "large and turned aside", Clarity.FAIR),
        (replace(PLAIN, sharpness=10, covered=0.6), "large, blurred and partly covered", Clarity.POOR),
        (replace(PLAIN, sure=0.02), "large and perhaps not a face", Clarity.POOR),
    ],
)
def test_quality_is_said_in_words(quality, words, is_clear):
    assert (in_words(quality), clarity(quality)) == (words, is_clear)


@pytest.mark.parametrize(
    ("disposition", "quality", "expected"),
    [
        (Disposition.NOT_RECOGNISABLE, PLAIN, [(Code.FACE_RECOGNISABLE, Severity.BLOCK)]),
        (Disposition.NOT_RECOGNISABLE, MIDDLING, [(Code.FACE_RECOGNISABLE, Severity.HOLD)]),
        (Disposition.NOT_RECOGNISABLE, SMALL_AND_AWAY, []),
        (Disposition.NOT_RECOGNISABLE, replace(PLAIN, turned=75), [(Code.FACE_RECOGNISABLE, Severity.HOLD)]),
        (Disposition.NOT_RECOGNISABLE, replace(PLAIN, covered=0.6), [(Code.FACE_RECOGNISABLE, Severity.HOLD)]),
        (Disposition.NOT_RECOGNISABLE, replace(PLAIN, sharpness=10), []),
        (Disposition.NOT_A_FACE, PLAIN, [(Code.FACE_DISMISSED, Severity.HOLD)]),
        (Disposition.NOT_A_FACE, replace(PLAIN, sure=0.3), []),
        (Disposition.OBSCURED, PLAIN, []),
        (Disposition.ROLL_CALL, PLAIN, []),
        (None, PLAIN, []),
    ],
)
def test_face_is_not_answered_away_against_what_is_seen(disposition, quality, expected):
    assert found(disposition, quality) == expected


def test_face_that_was_drawn_by_hand_is_not_called_unrecognisable_lightly():
    assert found(Disposition.NOT_RECOGNISABLE, None, by_hand=True) == [(Code.FACE_RECOGNISABLE, Severity.HOLD)]


@pytest.mark.parametrize("severity", Severity)
def test_no_identifiable_faces_warns_holds_or_blocks(severity):
    rule = FaceRule(severity, height=40, turned=60)
    assert found(Disposition.PUPIL, PLAIN, rule) == [(Code.FACE_IDENTIFIABLE, severity)]


@pytest.mark.parametrize(
    ("disposition", "quality", "bites"),
    [
        (Disposition.ROLL_CALL, PLAIN, True),
        (None, PLAIN, True),
        (Disposition.ROLL_CALL, None, True),
        (Disposition.ROLL_CALL, SMALL_AND_AWAY, False),
        (Disposition.PUPIL, replace(PLAIN, height=39), False),
        (Disposition.PUPIL, replace(PLAIN, turned=61), False),
        (Disposition.ADULT, PLAIN, False),
        (Disposition.OBSCURED, PLAIN, False),
        (Disposition.CROPPED, PLAIN, False),
    ],
)
def test_rule_bites_by_size_and_pose(disposition, quality, bites):
    codes = [code for code, _ in found(disposition, quality, FaceRule(Severity.HOLD))]
    assert (Code.FACE_IDENTIFIABLE in codes) is bites
