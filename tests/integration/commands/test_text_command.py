"""`consent check-text`: exactly the promised object, whatever comes in."""

import pytest

from app.cli.consent_commands import MOST_BYTES

KEYS = {"code", "severity", "start", "end", "message"}


@pytest.fixture
def check(run, school, export):
    run("register", "import", export("1,Amelia,Hart,,Yes,Yes,", "2,Theo,Ashworth,,No,No,"), "--apply")

    def typed(text: str | bytes, *words: str):
        ended = run("consent", "check-text", "--json", *words, given=text)
        (told,) = ended.json_lines
        assert (ended.status, ended.err, set(told)) == (0, "", {"outcome", "findings"})
        assert all(set(finding) == KEYS for finding in told["findings"])
        return told

    return typed


@pytest.mark.parametrize("text", ["", "\n", "A sunny morning in the garden.", "🙂" * 100, "\x00", "\ufeff"])
def test_harmless_text_is_clear(check, text):
    assert check(text, "--with-photo") == {"outcome": "clear", "findings": []}


@pytest.mark.parametrize(
    "text", ["Well done Amelia!", "#WellDoneAmeliaHart", "Caf\u00e9 with theo", "Theo Ashworth’s coat"]
)
def test_name_beside_a_photo_blocks(check, text):
    told = check(text, "--with-photo")
    assert told["outcome"] == "block"
    (finding, *_) = told["findings"]
    assert finding["severity"] == "block"
    assert text[finding["start"] : finding["end"]].casefold() in text.casefold()
    assert 0 <= finding["start"] < finding["end"] <= len(text)


def test_places_count_letters_and_not_bytes(check):
    told = check("🙂é Amelia Hart", "--with-photo")
    assert [(finding["start"], finding["end"]) for finding in told["findings"]] == [(3, 14)]


def test_bytes_that_are_no_letters_are_passed_over(check):
    assert check(b"\xff\xfe Amelia Hart", "--with-photo")["outcome"] == "block"


def test_text_of_any_length_up_to_the_bound(check):
    assert check("A sunny day. " * 5000)["outcome"] == "clear"


def test_text_that_no_network_takes_is_refused(run, school):
    ended = run("consent", "check-text", "--json", given="x" * (MOST_BYTES + 1))
    assert (ended.status, ended.out, "longer than" in ended.err) == (1, "", True)


def test_for_people_it_says_the_same_in_words(check, run):
    out = run("consent", "check-text", "--with-photo", given="Well done Amelia!").out.splitlines()
    assert out[0] == "block"
    assert out[1].startswith("block: “Amelia” is the name of a pupil")


def test_each_school_has_its_own_names(check, run, school, second_school):
    assert run("consent", "check-text", "--json", given="Amelia Hart").status == 1
    for each, outcome in ((school, "block"), (second_school, "clear")):
        ended = run(
            "consent", "check-text", "--json", "--with-photo", "--school", each.name, given="See Amelia Hart run"
        )
        assert (ended.json_lines[0]["outcome"] == "block") is (outcome == "block"), each.name


def test_school_without_pupils(run, school):
    assert run("consent", "check-text", "--json", given="A sunny day").json_lines == [
        {"outcome": "clear", "findings": []}
    ]


def test_no_school_yet(run, app):
    ended = run("consent", "check-text", "--json", given="Hello")
    assert (ended.status, ended.out, "school create" in ended.err) == (1, "", True)
