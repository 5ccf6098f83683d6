"""Names that no register explains."""

import pytest

from consent.words.patterns import find_name_shaped, find_titled


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Well done Ottoline", ["Ottoline"]),
        ("Well done to Zofia, Kwabena and Tariq!", ["Zofia", "Kwabena", "Tariq"]),
        ("Congratulations to Ottoline Fairweather-Pym", ["Ottoline Fairweather-Pym"]),
        ("Tariq, aged 9, won", ["Tariq"]),
        ("Tariq (9) won", ["Tariq"]),
        ("Tariq from Year 4 won", ["Tariq"]),
        ("Year 4's Zainab won", ["Zainab"]),
        ("with her brother Kwabena", ["Kwabena"]),
        ("Happy birthday Grace!", ["Grace"]),
        ("a poem written by Siân", ["Siân"]),
        ("Well done to Year 4", []),
        ("Well done Oak Class", []),
        ("Well done to everyone", []),
        ("Well Done To Our Football Team", []),
        ("Thank you to Tesco", []),
        ("Thank you to Florence Nightingale", []),
        ("Congratulations to Manchester", []),
        ("Tariq won", []),
    ],
)
def test_name_beside_a_cue(text, names):
    assert [shaped.text for shaped in find_name_shaped(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thank you Mrs Patel", ["Mrs Patel"]),
        ("Thank you to mr Patel", ["mr Patel"]),
        ("Thank you to mr. Patel", ["mr. Patel"]),
        ("Dr Amara Okoro visited", ["Dr Amara Okoro"]),
        ("Mr Men, Mrs Twit and Dr Seuss", []),
        ("We miss summer", []),
        ("Miss Honey and Miss Trunchbull", []),
    ],
)
def test_surname_after_a_title(text, names):
    assert [shaped.text for shaped in find_titled(text)] == names


def test_allowed_words_are_no_names():
    assert find_name_shaped("Well done Beechwood", allowed_words=["Beechwood"]) == []
    assert find_titled("Mr Beechwood is our bear", allowed_words=["Beechwood"]) == []
