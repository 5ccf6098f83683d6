"""No disguise of a register name that a reader would still read as the name slips through."""

import string
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from consent import CheckSettings, Outcome, check_text
from consent.words.gazetteer import compile_gazetteer
from tests.support.registers import ListedRegister, pupil

PLAIN_NAMES = [
    "Amelia Hart", "Oliver Penrose", "Zofia Kowalska", "Oluwaseun Adeyemi", "Mohammed Rahimi", "Priya Nandakumar",
    "Angharad Llewellyn", "Freya Lindqvist", "Kwame Mensah", "Esme Whitlock", "Samir Qureshi", "Niamh Calloway",
]  # fmt: skip
REGISTER = ListedRegister(pupil(str(i), name) for i, name in enumerate(PLAIN_NAMES))
NAMES = compile_gazetteer(REGISTER.people())
FORENAMES = [name.split()[0] for name in PLAIN_NAMES]

CYRILLIC = str.maketrans("aeopcyxiAEOPCTHKM", "аеорсухіАЕОРСТНКМ")
GREEK = str.maketrans("aoivkABEHIKMNOPTXZ", "αοινκΑΒΕΗΙΚΜΝΟΡΤΧΖ")
FULL_WIDTH = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in string.ascii_letters}
BOLD = {ord(sign): 0x1D400 + i for i, sign in enumerate(string.ascii_uppercase + string.ascii_lowercase)}
SCRIPT = {ord(sign): 0x1D4D0 + i for i, sign in enumerate(string.ascii_uppercase + string.ascii_lowercase)}
CIRCLED = {ord(sign): 0x24B6 + i for i, sign in enumerate(string.ascii_uppercase + string.ascii_lowercase)}
LEET = str.maketrans("aeiost", "43105$".replace("5$", "$7"))
LEET_SIGNS = str.maketrans("aeis", "@€!5")


def zalgo(name):
    return "".join(sign + "\u0301\u0323" for sign in name)


def joined(separator):
    return lambda name: separator.join(name)


DISGUISES = {
    "upper": str.upper,
    "lower": str.lower,
    "cyrillic": lambda name: name.translate(CYRILLIC),
    "greek": lambda name: name.translate(GREEK),
    "full width": lambda name: name.translate(FULL_WIDTH),
    "bold": lambda name: name.translate(BOLD),
    "script": lambda name: name.translate(SCRIPT),
    "circled": lambda name: name.translate(CIRCLED),
    "leet": lambda name: name.translate(LEET),
    "signs": lambda name: name.translate(LEET_SIGNS),
    "combining": zalgo,
    "zero width": joined("\u200b"),
    "soft hyphen": joined("\u00ad"),
    "spaced": joined(" "),
    "dotted": joined("."),
    "dashed": joined("-"),
    "starred": joined("*"),
    "underlined": joined("_"),
    "hearts": joined("❤️"),
    "wide": joined("  "),
    "stretched": lambda name: name[:2] + name[2] * 4 + name[3:],
    "tag": lambda name: "#" + name,
    "handle": lambda name: "@" + name.lower(),
    "praise": lambda name: "#WellDone" + name,
    "small praise": lambda name: "#welldone" + name.lower(),
    "year": lambda name: "@" + name.lower() + "2015",
    "possessive": lambda name: name + "’s",
    "quoted": lambda name: f"“{name}”",
    "emoji around": lambda name: f"⭐{name}⭐",
}
OPEN_CARRIERS = [
    "Well done {}",
    "What a day for {} and friends!",
    "{}",
    "Today {} read a poem to the class.",
    "The winner is\n{}\nHooray",
]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FORENAMES), st.sampled_from(sorted(DISGUISES)), st.sampled_from(OPEN_CARRIERS))
def test_disguised_forename_never_passes_beside_a_photo(forename, disguise, carrier):
    assert outcome(carrier.format(DISGUISES[disguise](forename))) is Outcome.BLOCK


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(PLAIN_NAMES),
    st.sampled_from(sorted(DISGUISES)),
    st.sampled_from(["upper", "lower", "cyrillic", "bold", "zero width", "leet"]),
)
def test_disguises_on_top_of_each_other_do_not_pass(name, outer, inner):
    text = " ".join(DISGUISES[outer](DISGUISES[inner](part)) for part in name.split())
    assert outcome(f"Well done {text} today") is Outcome.BLOCK


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORENAMES), st.data())
def test_name_torn_apart_does_not_pass(forename, data):
    cut = data.draw(st.integers(2, len(forename) - 2))
    gap = data.draw(st.sampled_from([" ", "-", ".", "_", " - ", "\n", "🙂", "·"]))
    assert outcome(f"Well done {forename[:cut]}{gap}{forename[cut:]} today") is not Outcome.CLEAR


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([name for name in FORENAMES if len(name) > 4]), st.data())
def test_slip_of_the_finger_does_not_pass(forename, data):
    place = data.draw(st.integers(1, len(forename) - 2))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    kind = data.draw(st.sampled_from(["drop", "double", "swap", "wrong"]))
    slipped = {
        "drop": forename[:place] + forename[place + 1 :],
        "double": forename[:place] + forename[place] + forename[place:],
        "swap": forename[:place] + forename[place + 1] + forename[place] + forename[place + 2 :],
        "wrong": forename[:place] + letter + forename[place + 1 :],
    }[kind]
    assert outcome(f"We loved the poem that {slipped} read to us") is not Outcome.CLEAR


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([name for name in FORENAMES if len(name) > 5]), st.data())
def test_struck_out_letters_do_not_pass(forename, data):
    place = data.draw(st.integers(1, len(forename) - 2))
    sign = data.draw(st.sampled_from("*•_#"))
    assert outcome(f"Well done {forename[:place]}{sign}{forename[place + 1 :]}") is not Outcome.CLEAR


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_read_and_spans_stay_inside(before, after):
    text = f"{before} Amelia Hart {after}"
    for mention in NAMES.find(text):
        assert 0 <= mention.start < mention.end <= len(text)
    report = check(text)
    assert all(0 <= finding.span[0] < finding.span[1] <= len(text) for finding in report.findings)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=string.printable, max_size=60))
def test_a_name_between_spaces_is_found_whatever_stands_around(noise):
    assert outcome(f"{noise} Oluwaseun {noise}") in (Outcome.BLOCK, Outcome.HOLD)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=string.digits + string.punctuation + string.whitespace + "🎉❤️⭐", max_size=60))
def test_a_name_among_signs_is_blocked(noise):
    assert outcome(f"{noise} Oluwaseun {noise}") is Outcome.BLOCK


def check(text):
    return check_text(text, REGISTER, names=NAMES, settings=CheckSettings(), on=date(2026, 11, 2), with_photo=True)


def outcome(text):
    return check(text).outcome
