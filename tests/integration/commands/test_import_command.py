"""`register import`: whatever file it is given, a sentence, the promised status, and nothing by halves."""

import os

import pytest
import sqlalchemy as sa

from app.core.db import EVERY_SCHOOL
from app.register.models import ConsentStatement, Pupil


@pytest.fixture
def pupils(database):
    def read():
        with database.reading(EVERY_SCHOOL) as session:
            return sorted(session.scalars(sa.select(Pupil.admission_no)))

    return read


def test_dry_run_is_the_default(run, school, export, pupils):
    ended = run("register", "import", export("1,Ann,Lee,4 Oak,Yes,No,Granted"))
    assert (ended.status, ended.err, pupils()) == (0, "", [])
    assert "1: new; permission given for Facebook; refused for X; face template: granted." in ended.out
    assert "Dry run: nothing was written. Add --apply to bring it in." in ended.out


def test_apply_tells_the_same_and_does_it(run, school, export, pupils):
    path = export("1,Ann,Lee,4 Oak,Yes,No,", "2,Bo,Moe,,,,")
    tried, done = run("register", "import", path), run("register", "import", path, "--apply")
    assert tried.out.replace("Dry run: nothing was written. Add --apply to bring it in.", "Imported.") == done.out
    assert (done.status, pupils()) == (0, ["1", "2"])
    assert "2 unchanged" in run("register", "import", path, "--apply").out


def test_rows_with_errors_are_named_on_the_side(run, school, export, pupils):
    ended = run("register", "import", export("1,Ann,Lee,,perhaps,,", "2,Bo,Moe,,,,"), "--apply")
    assert (ended.status, pupils()) == (1, ["2"])
    assert ended.err == "Line 2: Consent: Facebook: “perhaps” is not an answer. Write Yes, No, or leave it blank.\n"
    assert "Rows with errors, left out: 1" in ended.out


def test_what_changes_is_told_pupil_by_pupil(run, school, export):
    run("register", "import", export("1,Ann,Lee,4 Oak,Yes,Yes,", "2,Bo,Moe,4 Oak,No,,", "3,Cy,Noe,,,,"), "--apply")
    out = run(
        "register", "import", export("1,Ann,Lee,5 Elm,No,Yes,", "2,Bo,Moe,4 Oak,Yes,,", "4,Di,Poe,,,,", name="b.csv")
    ).out
    assert "1: changed Reg Group; permission ended for Facebook." in out
    assert "Pupils: 1 new, 1 changed, 1 unchanged." in out
    assert "Permissions: 0 given, 1 ended." in out
    assert "Refusals kept: 1." in out
    assert "Not in the file, left as they are: 3." in out


def test_long_lists_are_cut(run, school, export):
    out = run("register", "import", export(*(f"{number},Ann,Lee,,,," for number in range(60)))).out
    assert "… and 10 more pupils." in out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02rubbish", "not a table"),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"PK\x03\x04", "cannot be opened"),
        (b"Name;Class\nAnn;4 Oak\n", "lacks these columns: Admission No, Legal Forename, Legal Surname"),
        (b"Admission No,Legal Forename,Legal Surname\n", "no pupils"),
        (b"Admission No,Adno,Legal Forename,Legal Surname\n1,1,Ann,Lee\n", "both read as Admission No"),
        (b'Admission No,Legal Forename,Legal Surname\n1,"Ann,Lee\n', "line 2"),
        (b"x" * (21 * 1024 * 1024), "20 MB"),
        (b"Admission No,Legal Forename,Legal Surname\n" + b"1,Ann,Lee\n" * 20_001, "20,000 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_file_that_makes_no_sense(run, school, tmp_path, pupils, content, sentence):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    ended = run("register", "import", path, "--apply")
    assert (ended.status, ended.out, pupils()) == (1, "", [])
    assert sentence in ended.err


def test_file_that_is_not_there(run, school, tmp_path):
    assert "There is no file" in run("register", "import", tmp_path / "none.csv").err
    assert "is a folder" in run("register", "import", tmp_path).err
    assert run("register", "import").status == 2


def test_pipe_is_no_file(run, school, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in run("register", "import", tmp_path / "pipe").err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(run, school, tmp_path, database, encoding, separator):
    path = tmp_path / "export.csv"
    text = "Admission No,Legal Forename,Legal Surname,Consent: Facebook\r\n007,Zoë,O’Neill,Yes\r\n".replace(
        ",", separator
    )
    path.write_bytes(text.encode(encoding))
    assert run("register", "import", path, "--apply").status == 0
    with database.reading(EVERY_SCHOOL) as session:
        (pupil,) = session.scalars(sa.select(Pupil))
        assert (pupil.admission_no, pupil.name) == ("007", "Zoë O’Neill")
        assert session.scalar(sa.select(sa.func.count(ConsentStatement.id))) == 1


def test_two_schools(run, school, second_school, export, pupils):
    path = export("1,Ann,Lee,,,,")
    ended = run("register", "import", path, "--apply")
    assert (ended.status, "--school" in ended.err, pupils()) == (1, True, [])
    for each in (school, second_school):
        assert run("register", "import", path, "--apply", "--school", each.name).status == 0
    assert pupils() == ["1", "1"]
    assert "no school called Nowhere" in run("register", "import", path, "--school", "Nowhere").err


def test_no_school_yet(run, app, export):
    ended = run("register", "import", export("1,Ann,Lee,,,,"))
    assert (ended.status, "school create" in ended.err) == (1, True)
