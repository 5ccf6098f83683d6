"""`register reseal`: after it the old key opens nothing and the new one everything; without the old one it says so."""

import numpy as np
import pytest

from app.core.crypto import SealBrokenError, Sealer
from app.register.likenesses import gallery
from app.schools.models import School
from tests.integration.commands.test_enrol_command import FakeEyes

OLD, NEW = b"o" * 40, b"n" * 40


@pytest.fixture
def sealed_with(app, monkeypatch):
    def put(keys: bytes):
        sealers = app.extensions["schoolgate.sealers"] | {"templates": Sealer(keys)}
        monkeypatch.setitem(app.extensions, "schoolgate.sealers", sealers)

    return put


@pytest.fixture
def enrolled(run, school, export, app, monkeypatch, tmp_path, sealed_with):
    monkeypatch.setitem(app.extensions, "schoolgate.engine-of-faces", FakeEyes())
    run("register", "import", export("1,Ann,Lee,,Yes,Yes,Granted"), "--apply")
    (tmp_path / "portraits").mkdir()
    for number in range(3):
        (tmp_path / "portraits" / f"1_{number}.jpg").write_bytes(b"x" * (number + 1))
    sealed_with(OLD)
    assert run("register", "enrol", tmp_path / "portraits").status == 0


def opened(database, school, key):
    with database.reading(school.id) as session:
        return gallery(session, session.get_one(School, school.id).settings, Sealer(key), None).templates


def test_every_template_moves_to_the_new_key(run, database, school, enrolled, sealed_with):
    sealed_with(NEW + b"," + OLD)
    assert "Sealed 3 face templates" in run("register", "reseal").out
    (vectors,) = opened(database, school, NEW).values()
    assert sorted(float(np.round(vector[0], 3)) for vector in vectors) == [0.001, 0.002, 0.003]
    with pytest.raises(SealBrokenError):
        opened(database, school, OLD)
    assert run("register", "reseal").status == 0


def test_without_the_old_key_nothing_is_changed(run, database, school, enrolled, sealed_with):
    sealed_with(NEW)
    ended = run("register", "reseal")
    assert (ended.status, "cannot be opened" in ended.err) == (1, True)
    assert len(next(iter(opened(database, school, OLD).values()))) == 3
