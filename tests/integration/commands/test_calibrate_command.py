"""`consent calibrate`: a table, a picture and a proposal from the school's own templates, and nothing changed."""

import numpy as np
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import EVERY_SCHOOL


class FakeEyes:
    """Gives each pupil vectors near one place of their own; the file's bytes say whose and which."""

    def enrol(self, data: bytes):
        number, picture = map(int, data.split())
        place = np.random.default_rng(number).normal(0, 0.08, 128)
        return place + np.random.default_rng(1000 * number + picture).normal(0, 0.02, 128)


@pytest.fixture
def enrolled(run, school, export, app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.extensions, "schoolgate.engine-of-faces", FakeEyes())
    run(
        "register",
        "import",
        export(*(f"{number},Ann{number},Lee{number},4 Oak,Yes,Yes,Granted" for number in range(12))),
        "--apply",
    )
    folder = tmp_path / "portraits"
    folder.mkdir()
    for number in range(12):
        for picture in range(3):
            (folder / f"{number}_{picture}.jpg").write_bytes(f"{number} {picture}".encode())
    assert run("register", "enrol", folder).status == 0


def test_table_shows_both_costs_and_proposes(run, enrolled):
    ended = run("consent", "calibrate")

    assert ended.status == 0
    assert "12 enrolled pupils, 36 pictures" in ended.out
    assert "0 of 36" in ended.out
    assert "Proposed: alarm 0.65" in ended.out
    assert "Distances are plain" in ended.out


def test_figures_for_other_programs(run, enrolled):
    (told,) = run("consent", "calibrate", "--json").json_lines

    widest = told["rows"][-1]
    assert (widest["distance"], widest["missed"]["count"], widest["missed"]["total"]) == (0.8, 0, 36)
    assert widest["alarms"]["total"] == 36 * 11
    assert told["proposed"]["suggestion"] <= 0.45


def test_plot_is_written(run, enrolled, tmp_path):
    run("consent", "calibrate", "--plot", tmp_path / "plot.svg")

    assert (tmp_path / "plot.svg").read_text().startswith("<svg")


def test_plot_that_cannot_be_written_is_said(run, enrolled, tmp_path):
    ended = run("consent", "calibrate", "--plot", tmp_path / "nowhere" / "plot.svg")

    assert (ended.status, "could not be written" in ended.err) == (1, True)


def test_calibrating_changes_nothing(run, enrolled, database):
    with database.reading(EVERY_SCHOOL) as session:
        before = session.scalar(sa.select(sa.func.count(AuditEvent.id)))

    run("consent", "calibrate", "--json")

    with database.reading(EVERY_SCHOOL) as session:
        assert session.scalar(sa.select(sa.func.count(AuditEvent.id))) == before


def test_school_without_templates_is_told_so(run, school):
    ended = run("consent", "calibrate")

    assert ended.status == 1
    assert "nothing to calibrate" in ended.err
