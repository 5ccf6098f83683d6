"""The health page says of each part whether it is well, and what to do if not."""

import os
from datetime import timedelta

import pytest

from app.accounts.roles import Role
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.comments.models import CommentWatch
from app.core import clock
from app.core.db import EVERY_SCHOOL
from app.core.settings import Settings
from app.dashboard import health
from app.jobs.models import Heartbeat
from app.platforms.base import Network
from app.register.matching_models import CalibrationRun, CalibrationState
from app.schools.models import School


class Eyes:
    def __init__(self, notice=None):
        self._notice = notice

    def notice(self):
        return self._notice


@pytest.fixture
def look(app, database, tmp_path):
    """Return what the page says of a part: `look("Worker")`."""

    def read(part, *, eyes=None, **settings):
        chosen = Settings(_env_file=None, data_folder=tmp_path, **settings)
        found = health.signs(database, app.extensions["schoolgate.engine"], eyes or Eyes(), chosen)
        return next(sign for sign in found if sign.part == part)

    return read


def test_only_those_who_can_act_see_it(sign_in):
    for role, status in ((Role.ADMINISTRATOR, 200), (Role.COORDINATOR, 200), (Role.HEADTEACHER, 403)):
        assert sign_in(role).get("/health").status_code == status
    assert "No worker is alive" in sign_in(Role.ADMINISTRATOR).get("/health").text


@pytest.mark.parametrize(("silent", "is_well"), [(5, True), (300, False)])
def test_worker(look, database, silent, is_well):
    with database.transaction(EVERY_SCHOOL) as session:
        then = clock.now() - timedelta(seconds=silent)
        session.add(Heartbeat(worker="here:1", beat_at=then, started_at=then))
    assert look("Worker").is_well is is_well


@pytest.mark.parametrize(("minutes", "is_well"), [(1, True), (9, False)])
def test_work_that_waits(look, database, school, minutes, is_well):
    then = clock.now() - timedelta(minutes=minutes)
    with database.transaction(school.id) as session:
        waiting = CalibrationState.WAITING
        session.add(CalibrationRun(state=waiting, asked_by="x", asked_at=then, figures={}, due_at=then))
    sign = look("Work that waits")
    assert (sign.is_well, "1 task due" in sign.sentence, bool(sign.step)) == (is_well, True, not is_well)


def test_face_engine_tells_when_it_fell_back(look):
    sign = look("Face engine", eyes=Eyes("The library itself is used."))
    assert (sign.is_well, sign.sentence) == (False, "The library itself is used.")


def test_backup(look, tmp_path):
    backups = tmp_path / "backups"
    backups.mkdir()
    assert look("Backup").is_well is None
    assert look("Backup", backup_folder=backups).is_well is False
    file = backups / "schoolgate.dump"
    for hours, is_well in ((1, True), (50, False)):
        file.write_bytes(b"x")
        then = (clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(file, (then, then))
        assert look("Backup", backup_folder=backups).is_well is is_well


def test_disk_that_is_nearly_full(look, monkeypatch):
    monkeypatch.setattr(health, "LEAST_ROOM", 10**18)
    assert look("Disk").is_well is False


def test_school_hears_of_its_own_accounts_and_of_hiding(sign_in, database, school):
    facts = {"network": Network.FACEBOOK, "name": "A", "handle": "a", "url": "", "owner": "", "school_email": ""}
    soon = clock.now() + timedelta(days=3)
    with database.transaction(school.id) as session:
        channel = Channel(**facts, state=ChannelState.CONNECTED, proposed_at=clock.now(), expires_at=soon)
        session.add(channel)
        mine = session.get_one(School, school.id)
        mine.settings_json = mine.settings.model_copy(update={"hides_by_itself": False}).model_dump(mode="json")
    browser = sign_in(Role.COORDINATOR)
    page = browser.get("/health").text
    assert "The sign-in ends on" in page
    assert "Hiding by itself is switched off" in page
    assert "worth a look" in page.split("Looked at just now")[0]
    with database.transaction(school.id) as session:
        session.get_one(Channel, channel.id).expires_at = None
        session.add(CommentWatch(channel_id=channel.id, read_at=clock.now(), problem="Facebook is having trouble."))
    page = browser.get("/health").text
    assert "Facebook is having trouble. It last answered at" in page
    with database.transaction(school.id) as session:
        pause_channel(session, session.get_one(Channel, channel.id), "Facebook asks you to sign in again.")
    page = browser.get("/health").text
    assert "Facebook asks you to sign in again. It is paused" in page


def test_queue_and_mail(look):
    assert look("Wake-ups").is_well is True
    assert (look("E-mail").is_well, look("E-mail", smtp_url="smtp://localhost").is_well) == (None, True)
