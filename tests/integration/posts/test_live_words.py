"""Words are checked while they are written and mended with one tap, with or without JavaScript."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.roles import Role
from app.posts.models import Post, PostState, Revision
from tests.support.pictures import PICTURES

PHOTO = PICTURES / "events" / "ev07_empty_hall.jpg"


@pytest.fixture
def writer(house, sign_in):
    house.pupil("1", "Amelia", "Hart", shown=True)
    house.pupil("2", "Grace", "Okafor", shown=True)
    return sign_in(Role.STAFF)


def spans(page):
    return [tuple(map(int, found)) for found in re.findall(r'data-start="(\d+)" data-end="(\d+)"', page)]


def captions(house):
    with house.database.reading(house.school_id) as session:
        return list(session.scalars(sa.select(Revision.caption).order_by(Revision.number)))


def test_span_counts_as_the_browser_does(writer):
    text = "🎉🎉 Well done\r\nAmelia Hart! 👩‍👧"
    page = writer.post("/posts/check-words", data={"caption": text, "has_photos": "1"}).text
    typed = text.replace("\r\n", "\n").encode("utf-16-le")
    [(start, end)] = spans(page)
    assert typed[2 * start : 2 * end].decode("utf-16-le") == "Amelia Hart"
    assert "Remove the photos" in page


def test_every_field_is_checked(writer):
    data = {"caption": "A fine day", "alt-1": "Amelia holds a cup", "link": "http://bit.ly/x"}
    page = writer.post("/posts/check-words", data=data).text
    assert len(spans(page)) == 2
    assert 'data-for="alt-1"' in page


@pytest.mark.parametrize(
    ("mend", "after"),
    [
        ("caption 10 16 ", "Well done ! Grace sang."),
        ("caption 10 16 one of our pupils", "Well done one of our pupils! Grace sang."),
        ("photos", "Well done Amelia! Grace sang."),
    ],
)
def test_a_mend_works_as_a_button_of_the_form_and_saves_nothing(house, writer, mend, after):
    data = {"caption": "Well done Amelia! Grace sang.", "mend": mend, "networks": ["facebook"]}
    upload = {"photos": (BytesIO(PHOTO.read_bytes()), "amelia.jpg")}
    page = writer.post("/posts/new", data={**data, **upload}, content_type="multipart/form-data").text
    assert f">{after}</textarea>" in page
    assert ('name="kept"' in page) is (mend != "photos")
    assert captions(house) == []


def test_not_a_pupil_is_kept_for_the_revision_and_clears_nothing(house, sign_in, writer):
    text = "Grace before lunch was sung in Latin."
    house.pupil("3", "Latin", "Grace", shown=False)
    page = writer.post("/posts/new", data={"caption": text, "check": "1", "networks": ["facebook"]}).text
    claim = re.search(r'name="claim" value="([^"]+)"', page)[1]
    page = writer.post("/posts/new", data={"caption": text, "claim": claim, "networks": ["facebook"]}).text
    assert "You say that no pupil is meant" in page
    saved = writer.post("/posts/new", data={"caption": text, "not-a-pupil": claim, "networks": ["facebook"]})
    page = writer.get(saved.location).text
    assert "You say that no pupil is meant" in page
    post_id = saved.location.rpartition("/")[2]
    house.work()
    with house.database.reading(house.school_id) as session:
        revision_id = session.scalars(sa.select(Revision.id)).one()
    writer.post(f"/posts/{post_id}/submit", data={"revision_id": revision_id})
    house.work()
    review = sign_in(Role.SMT).get(f"/reviews/{post_id}").text
    assert "The author says that no pupil is meant" in review
    assert "Release it, with your reason" in review


def test_saved_post_is_mended_with_one_tap(house, sign_in):
    house.pupil("1", "Amelia", "Hart", shown=False)
    post_id = house.draft("Well done Amelia Hart!")
    with house.database.reading(house.school_id) as session:
        author = session.get_one(User, session.get_one(Post, post_id).author_id)
        session.expunge(author)
    browser = sign_in(user=author)
    page = browser.get(f"/posts/{post_id}").text
    assert '<mark class="sg-mark-block">Amelia Hart</mark>' in page
    finding = re.search(r'name="finding" value="(\w+)"><button class="sg-mend"', page)[1]
    browser.post(f"/posts/{post_id}/mend", data={"finding": finding, "how": "1"})
    house.work()
    assert captions(house)[-1] == "Well done one of our pupils!"
    assert house.state(post_id) is PostState.DRAFT
