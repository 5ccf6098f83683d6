"""Personal data in words: what blocks, what is held, and what a school writes every day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent import Code
from consent.words.personal_data import find_personal_data, has_check_letter

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
BLOCK, HOLD = "block", "hold"


@pytest.mark.parametrize(
    ("text", "code", "severity", "shown"),
    [
        ("UPN H801200001001 please", Code.DATA_UPN, BLOCK, "H801200001001"),
        ("H801 2000 01001", Code.DATA_UPN, BLOCK, "H801 2000 01001"),
        ("code A801200001001", Code.DATA_UPN, HOLD, "A801200001001"),
        ("born on 3rd May 2016", Code.DATA_BIRTHDAY, BLOCK, "born on 3rd May 2016"),
        ("DOB: 03/05/16", Code.DATA_BIRTHDAY, BLOCK, "DOB: 03/05/16"),
        ("date of birth 2016-05-03", Code.DATA_BIRTHDAY, BLOCK, "date of birth 2016-05-03"),
        ("his birthday is 3 May 2016", Code.DATA_BIRTHDAY, BLOCK, "birthday is 3 May 2016"),
        ("She turned 9 today", Code.DATA_BIRTHDAY, HOLD, "turned 9 today"),
        ("lives at 12 Acacia Avenue", Code.DATA_ADDRESS, BLOCK, "lives at 12 Acacia Avenue"),
        ("they moved to 4b station road", Code.DATA_ADDRESS, BLOCK, "moved to 4b station road"),
        ("12 Acacia Avenue, Ham, RG1 2AB", Code.DATA_ADDRESS, BLOCK, "12 Acacia Avenue, Ham, RG1 2AB"),
        ("send it to 12 RG1 2AB", Code.DATA_ADDRESS, BLOCK, "12 RG1 2AB"),
        ("number 12, near RG1 2AB", Code.DATA_ADDRESS, BLOCK, "number 12, near RG1 2AB"),
        ("meet at 12 Acacia Avenue", Code.DATA_ADDRESS, HOLD, "12 Acacia Avenue"),
        ("find us at RG1 2AB", Code.DATA_POSTCODE, HOLD, "RG1 2AB"),
        ("ring 07700 900123", Code.DATA_PHONE, BLOCK, "07700 900123"),
        ("ring 0 7 7 0 0 9 0 0 1 2 3", Code.DATA_PHONE, BLOCK, "0 7 7 0 0 9 0 0 1 2 3"),
        ("ring ０７７００９００１２３", Code.DATA_PHONE, BLOCK, "０７７００９００１２３"),
        ("ring +44 7700 900123", Code.DATA_PHONE, BLOCK, "+44 7700 900123"),
        ("ring +48 601 234 567", Code.DATA_PHONE, BLOCK, "+48 601 234 567"),
        ("ring (0118) 496 0123", Code.DATA_PHONE, BLOCK, "(0118) 496 0123"),
        (
            "oh double seven oh oh nine oh oh one two three",
            Code.DATA_PHONE,
            BLOCK,
            "oh double seven oh oh nine oh oh one two three",
        ),
        ("write to mum.hart@gmail.com", Code.DATA_EMAIL, BLOCK, "mum.hart@gmail.com"),
        ("write to mum.hart [at] gmail [dot] com", Code.DATA_EMAIL, BLOCK, "mum.hart [at] gmail [dot] com"),
        ("write to mum at gmail dot com", Code.DATA_EMAIL, BLOCK, "mum at gmail dot com"),
        ("sort code 12-34-56, account 12345678", Code.DATA_BANK, BLOCK, None),
        ("GB82 WEST 1234 5698 7654 32", Code.DATA_BANK, BLOCK, "GB82 WEST 1234 5698 7654 32"),
        ("card 4111 1111 1111 1111", Code.DATA_BANK, BLOCK, None),
        ("AB 12 34 56 C", Code.DATA_NUMBER, BLOCK, "AB 12 34 56 C"),
        ("NHS number 943 476 5919", Code.DATA_NUMBER, BLOCK, "NHS number 943 476 5919"),
        ("She was diagnosed with epilepsy", Code.DATA_MEDICAL, BLOCK, None),
        ("He has severe asthma", Code.DATA_MEDICAL, BLOCK, "has severe asthma"),
        ("Remember her inhaler", Code.DATA_MEDICAL, BLOCK, "her inhaler"),
        ("Tariq's allergy", Code.DATA_MEDICAL, BLOCK, "Tariq's allergy"),
        ("He is in hospital", Code.DATA_MEDICAL, BLOCK, "He is in hospital"),
        ("She has an EHCP", Code.DATA_SEND, BLOCK, "has an EHCP"),
        ("our looked-after child", Code.DATA_SEND, BLOCK, None),
        ("the boy on free school meals", Code.DATA_SEND, BLOCK, None),
        ("He was excluded on Friday", Code.DATA_BEHAVIOUR, BLOCK, "was excluded"),
        ("his detention", Code.DATA_BEHAVIOUR, BLOCK, "his detention"),
        ("the red car AB12 CDE", Code.DATA_PLATE, HOLD, "AB12 CDE"),
        ("the gate code is 1234", Code.DATA_SECURITY, HOLD, "gate code"),
        ("our lockdown procedure", Code.DATA_SECURITY, HOLD, "lockdown procedure"),
        ("Year 4 will be at the museum at 10am", Code.DATA_WHEREABOUTS, HOLD, None),
        ("The coach leaves at 9am tomorrow", Code.DATA_WHEREABOUTS, HOLD, None),
        ("Every Tuesday Year 5 walk to the swimming baths at 1.30pm", Code.DATA_WHEREABOUTS, HOLD, None),
    ],
)
def test_private_matter_is_found(text, code, severity, shown):
    found = [(leak.code, leak.severity.value, text[leak.start : leak.end]) for leak in find_personal_data(text)]
    assert any(f[:2] == (code, severity) and shown in (None, f[2]) for f in found), found


@pytest.mark.parametrize(
    "text",
    [
        "Our fair is on 12 June 2026 at 3pm, tickets £2.50",
        "We raised £1,234.56 for 2025/26",
        "Shakespeare was born on 23 April 1564",
        "Call Childline on 0800 1111 or the NSPCC on 0808 800 5000",
        "Call 111, or 999 in an emergency",
        "Asthma awareness week begins on Monday",
        "The diabetes nurse talked to our staff",
        "Our school turns 50 today",
        "Year 4 visited the science museum last week",
        "Parents' evening is on Tuesday at 4pm in the hall",
        "Room 12, Year 6 and 4 Oak",
        "We scored 10 out of 10",
        "Look at page 12 of the book",
        "Meet at the gate",
        "Our gates are green",
    ],
)
def test_everyday_words_are_left_alone(text):
    assert find_personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("ring +44 (0)118 496 0123", "Tel: 0118 496 0123"),
        ("ring 0118 4960123", "+44 (0)118 496 0123"),
        ("write to office@school.sch.uk", "Office@School.sch.uk"),
        ("find us at RG1 2AB", "School Lane, Ham, RG1 2AB"),
        ("write to head@school.sch.uk", "@school.sch.uk"),
    ],
)
def test_published_contact_is_let_through(text, contact):
    assert find_personal_data(text)
    assert find_personal_data(text, published_contacts=[contact]) == []


def test_published_contact_lets_nothing_else_through():
    text = "ring 0118 496 0123 or 07700 900123"
    [leak] = find_personal_data(text, published_contacts=["0118 496 0123"])
    assert text[leak.start : leak.end] == "07700 900123"


@given(st.lists(st.integers(0, 9), min_size=11, max_size=11), st.sampled_from("0123456789" + LETTERS))
def test_check_letter_agrees_with_the_rest(digits, last):
    values = [*digits, int(last) if last.isdigit() else LETTERS.index(last)]
    letter = LETTERS[sum(value * place for place, value in enumerate(values, 2)) % 23]
    rest = "".join(map(str, digits)) + last
    assert has_check_letter(letter + rest)
    assert not any(has_check_letter(other + rest) for other in LETTERS if other != letter)


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text):
    for leak in find_personal_data(text):
        assert 0 <= leak.start < leak.end <= len(text)
