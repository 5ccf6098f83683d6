"""The page of faces, as a browser sends it: nothing counts unconfirmed, and nothing entered is lost."""

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from app.accounts.models import User
from app.accounts.roles import Role
from app.core import clock
from app.platforms.base import Network
from app.posts.drafting import Draft, PhotoDraft, create_post, latest_revision
from app.posts.faces import GivenAnswer
from app.posts.models import Post, PostState
from app.posts.scope import scope_of
from app.schools.models import School
from consent.model import Box, Disposition, MatchStatus, Quality, Sighting

FACE = Sighting(1, Box(10, 10, 90, 90))


@pytest.fixture
def teacher(house, sign_in):
    """The author's browser."""
    with house.database.reading(house.school_id) as session:
        return sign_in(user=session.get_one(User, house.author.user_id))


def revision_of(house, post_id):
    with house.database.reading(house.school_id) as session:
        return latest_revision(session, session.get_one(Post, UUID(str(post_id))))


def form_for(house, post_id, photo_id, **fields):
    if fields.pop("confirmed", None):
        said = [value for name, value in fields.items() if name.startswith("face_") or name == "draw_answer"]
        people = sum(value not in ("not_a_face", "not_recognisable") for value in said)
        fields = {"count": str(people)} | fields
    named = {f"{photo_id}-{name.replace('_', '-')}": value for name, value in fields.items()}
    return {"based_on": str(revision_of(house, post_id).id), "seen": seen_now(house, post_id), **named}


def seen_now(house, post_id):
    with house.database.reading(house.school_id) as session:
        revision = latest_revision(session, session.get_one(Post, UUID(str(post_id))))
        settings = session.get_one(School, house.school_id).settings
        return scope_of(session, revision, settings, on=clock.today()).digest


def answers(house, post_id):
    return [
        (answer.number, answer.disposition, answer.person_id)
        for photo in revision_of(house, post_id).photos
        for answer in photo.answers
    ]


def test_roll_call_counts_only_when_the_picture_is_confirmed(house, teacher):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    teacher.post(f"/posts/{post_id}/faces", data=form_for(house, post_id, photo_id, face_1="roll_call", alt="Hands"))
    assert answers(house, post_id) == []
    confirmed = form_for(house, post_id, photo_id, face_1="roll_call", alt="Hands", confirmed="1")
    teacher.post(f"/posts/{post_id}/faces", data=confirmed)
    assert answers(house, post_id) == [(1, Disposition.ROLL_CALL, None)]


def test_album_is_answered_described_and_submitted_in_one_go(house, teacher):
    photo_ids = [house.photo(FACE), house.photo()]
    post_id = house.draft("A good day.", *photo_ids, alt_text="")
    first, second = photo_ids
    data = form_for(house, post_id, first, face_1="roll_call", alt="Children build a tower", confirmed="1")
    data |= form_for(house, post_id, second, alt="", confirmed="1") | {"same-alt": "1", "then": "submit"}
    teacher.post(f"/posts/{post_id}/faces", data=data)
    house.work()
    assert house.state(post_id) is PostState.SUBMITTED
    assert [photo.alt_text for photo in revision_of(house, post_id).photos] == ["Children build a tower"] * 2


def test_protected_pupil_cannot_be_chosen_by_name(house, teacher):
    house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1="somebody", who_1="Omar Rahimi (4 Oak)", alt="My sentence")
    answer = teacher.post(f"/posts/{post_id}/faces", data=data)
    assert answer.status_code == 422
    assert "not among those who may be shown" in answer.text
    assert "My sentence" in answer.text, "what was entered is still there"
    assert revision_of(house, post_id).photos[0].alt_text == "My sentence", "and what could be kept is saved"
    assert answers(house, post_id) == []


def test_shown_pupil_is_tagged_by_typed_name(house, teacher):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1="somebody", who_1="mei tanaka", confirmed="1")
    teacher.post(f"/posts/{post_id}/faces", data=data)
    assert answers(house, post_id) == [(1, Disposition.PUPIL, pupil_id)]


def test_answers_to_an_overtaken_version_are_refused(house, teacher):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    stale = form_for(house, post_id, photo_id, face_1="obscured", confirmed="1")
    assert teacher.post(f"/posts/{post_id}/faces", data=stale).status_code == 302
    answer = teacher.post(f"/posts/{post_id}/faces", data=stale | {f"{photo_id}-face-1": "roll_call"})
    assert answer.status_code == 409
    assert answers(house, post_id) == [(1, Disposition.OBSCURED, None)]


def test_answers_given_beside_an_overtaken_list_are_refused_and_not_shown_again(house, teacher):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    before = form_for(house, post_id, photo_id, face_1="roll_call", count="7", alt="My sentence", confirmed="1")
    house.pupil("1", "Omar", "Rahimi", shown=False)
    teacher.post(f"/posts/{post_id}/check-again")  # in another tab
    house.work()
    answer = teacher.post(f"/posts/{post_id}/faces", data=before)
    assert (answer.status_code, answers(house, post_id)) == (409, [])
    assert "My sentence" in answer.text
    assert 'value="7"' not in answer.text


def test_face_that_resembles_a_protected_pupil_is_proposed_for_obscuring(house, teacher):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90), MatchStatus.POSSIBLE, str(pupil_id), 0.5, 0.0))
    page = teacher.get(f"/posts/{house.draft('A good day.', photo_id)}/faces").text
    assert '<option value="obscured" selected>' in page
    assert "Omar Rahimi" in page


def test_missing_face_is_drawn_by_numbers(house, teacher):
    photo_id = house.photo()
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, draw_across="50", draw_down="50", draw_size="20", draw_answer="obscured")
    teacher.post(f"/posts/{post_id}/faces", data=data | {"then": "stay-1"})
    (answer,) = revision_of(house, post_id).photos[0].answers
    assert (answer.left, answer.top, answer.right, answer.bottom) == (340, 240, 460, 360)


def test_more_people_than_boxes_are_refused_at_once_and_drawn(house, teacher):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1="roll_call", count="2", confirmed="1") | {"then": "submit"}
    answer = teacher.post(f"/posts/{post_id}/faces", data=data)
    assert (answer.status_code, house.state(post_id)) == (422, PostState.DRAFT)
    assert "2 people were counted" in answer.text
    place = {"draw_across": "70", "draw_down": "50", "draw_size": "20", "draw_answer": "obscured"}
    data = form_for(house, post_id, photo_id, face_1="roll_call", count="2", confirmed="1", **place)
    teacher.post(f"/posts/{post_id}/faces", data=data | {"then": "submit"})
    house.work()
    assert house.state(post_id) is PostState.SUBMITTED


@pytest.mark.parametrize(
    ("count", "said"),
    [("", "Say how many people"), ("-1", "Say in figures"), ("two", "Say in figures"), ("1000", "Say in figures")],
)
def test_photo_is_confirmed_only_with_a_number(house, teacher, count, said):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1="obscured", count=count, confirmed="1") | {"then": "submit"}
    assert said in teacher.post(f"/posts/{post_id}/faces", data=data).text
    assert not revision_of(house, post_id).photos[0].all_faces_boxed


def test_count_is_void_when_somebody_joins_the_class(house, teacher):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id, classes=("4 Oak",))
    house.pupil("1", "Mei", "Tanaka", shown=True)
    teacher.post(f"/posts/{post_id}/check-again")
    house.work()
    teacher.post(f"/posts/{post_id}/faces", data=form_for(house, post_id, photo_id, face_1="obscured", confirmed="1"))
    house.work()
    assert is_confirmed_on_page(teacher, post_id, photo_id)
    house.pupil("2", "Ada", "Novak", shown=True)
    teacher.post(f"/posts/{post_id}/check-again")
    house.work()
    assert not is_confirmed_on_page(teacher, post_id, photo_id)


def is_confirmed_on_page(teacher, post_id, photo_id):
    """A number stands there only while it is the author's own, for what is seen there now."""
    return f'name="{photo_id}-count" value="1"' in teacher.get(f"/posts/{post_id}/faces").text


def test_pupil_cannot_be_two_faces_of_one_photo(house, teacher):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(FACE, Sighting(2, Box(200, 10, 280, 90)))
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1=f"pupil:{pupil_id}", face_2=f"pupil:{pupil_id}", confirmed="1")
    assert "Nobody is in a photo twice" in teacher.post(f"/posts/{post_id}/faces", data=data).text
    assert answers(house, post_id) == [(1, Disposition.PUPIL, pupil_id)]


def test_brothers_are_told_apart_by_hand(house, teacher):
    ids = [house.pupil(str(number), name, "Penrose", shown=True) for number, name in enumerate(("Jack", "Oliver"))]
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90), MatchStatus.SUGGESTED, str(ids[0]), 0.3, 0.2))
    page = teacher.get(f"/posts/{house.draft('A good day.', photo_id)}/faces").text
    assert '<option value="" selected>Choose an answer</option>' in page
    assert all(f'<option value="pupil:{pupil_id}">' in page for pupil_id in ids)


def test_brother_who_may_not_be_shown_is_offered_to_be_obscured(house, teacher):
    shown = house.pupil("1", "Oliver", "Penrose", shown=True)
    house.pupil("2", "Jack", "Penrose", shown=False, group="5 Elm")
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90), MatchStatus.SUGGESTED, str(shown), 0.3, 0.2))
    page = teacher.get(f"/posts/{house.draft('A good day.', photo_id, classes=('4 Oak',))}/faces").text
    assert "It is Oliver Penrose (4 Oak)" in page
    assert '<option value="obscured">It is Jack Penrose (5 Elm), who may not be shown' in page
    assert "like nobody who may not be shown" not in page


def test_all_that_is_missing_is_listed_at_once_and_once(house, teacher):
    """What is perhaps not a face has no answer until it is given one."""
    photo_id = house.photo(FACE, Sighting(2, Box(200, 10, 280, 90), quality=Quality(30, 90, 5, 0, sure=0.3)))
    post_id = house.draft("Call 07700 900123 or 07700 900123.", photo_id)
    page = teacher.get(f"/posts/{post_id}/faces").text
    assert page.count('<option value="" selected>Choose an answer</option>') == 1
    data = form_for(house, post_id, photo_id, face_1="roll_call", face_2="") | {"then": "submit"}
    page = teacher.post(f"/posts/{post_id}/faces", data=data).text
    told = page.split("There is a problem")[1].split("</ul>")[0].split("<li>")[1:]
    assert len(told) == len(set(told))
    for sentence, is_told in (("Say how many people", True), ("Say who face 2 is", True), ("Say who face 1 is", False)):
        assert any(sentence in item for item in told) is is_told
    assert any(f"/posts/{post_id}/edit#caption" in item for item in told)


def test_warning_is_read_and_the_post_submitted_once_more(house, teacher):
    likely, tagged = (house.pupil(str(n), name, f"Su{n}", shown=True) for n, name in enumerate(("Mei", "Ada")))
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90), MatchStatus.SUGGESTED, str(likely), 0.3, 0.2))
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1=f"pupil:{tagged}", confirmed="1") | {"then": "submit"}
    answer = teacher.post(f"/posts/{post_id}/faces", data=data)
    assert "looks like Mei Su0, and was answered as Ada Su1" in answer.text
    noted = answer.text.split('name="noted" value="')[1].split('"')[0]
    data |= {"based_on": str(revision_of(house, post_id).id), "noted": noted}
    assert teacher.post(f"/posts/{post_id}/faces", data=data).status_code == 302
    house.work()
    assert house.state(post_id) is PostState.SUBMITTED


@pytest.mark.parametrize(
    ("rule", "state"), [("", PostState.SUBMITTED), ("hold", PostState.SUBMITTED), ("block", PostState.DRAFT)]
)
def test_post_may_be_stricter_than_its_school(house, teacher, rule, state):
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90), quality=Quality(90, 200, 5, 0)))
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1="roll_call", confirmed="1")
    teacher.post(f"/posts/{post_id}/faces", data=data | {"face-rule": rule, "then": "submit"})
    house.work()
    assert house.state(post_id) is state


def test_cropped_photo_is_another_photo_that_is_answered_for_anew(house, teacher):
    answer = teacher.post("/posts/new", data={"caption": "A good day.", "networks": "x", "photos": [picture()]})
    post_id = answer.location.split("/posts/")[1].split("/")[0]
    house.work()
    [whole] = revision_of(house, post_id).photos
    data = form_for(house, post_id, whole.photo_id, alt="Green fields", cut_left="40", confirmed="1")
    assert teacher.post(f"/posts/{post_id}/faces", data=data | {"then": "crop-1"}).status_code == 302
    [left] = revision_of(house, post_id).photos
    assert left.photo_id != whole.photo_id
    assert (left.photo.width, left.photo.height, left.alt_text) == (180, 200, "Green fields")
    assert not left.all_faces_boxed


@pytest.mark.parametrize("cut", [{}, {"cut_left": "x"}, {"cut_left": "50", "cut_right": "45"}, {"cut_top": "-9"}])
def test_crop_that_leaves_nothing_is_refused_in_words(house, teacher, cut):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    answer = teacher.post(
        f"/posts/{post_id}/faces", data=form_for(house, post_id, photo_id, **cut) | {"then": "crop-1"}
    )
    assert (answer.status_code, "cut off" in answer.text) == (422, True)


def test_photo_is_taken_out_while_it_is_looked_at(house, teacher):
    photo_ids = [house.photo(), house.photo()]
    drafts = tuple(PhotoDraft(photo_id) for photo_id in photo_ids)
    with house.database.transaction(house.school_id) as session:
        post_id = create_post(session, Draft("Now.", (Network.X,), photos=drafts), actor=house.author).id
    page = teacher.get(f"/posts/{post_id}/faces").text
    assert "0 of 2 photos checked" in page
    assert 'http-equiv="refresh"' in page
    teacher.post(f"/posts/{post_id}/photos/{photo_ids[0]}/remove")
    house.work()
    assert [photo.photo_id for photo in revision_of(house, post_id).photos] == [photo_ids[1]]


@pytest.mark.parametrize(
    "field",
    [
        {"face_1": "pupil:nonsense"},
        {"face_1": "approved"},
        {"draw_across": "left"},
        {"draw_across": "nan", "draw_down": "50", "draw_size": "20"},
        {"draw_across": "50", "draw_down": "50", "draw_size": "inf"},
    ],
)
def test_nonsense_is_answered_in_words(house, teacher, field):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    answer = teacher.post(f"/posts/{post_id}/faces", data=form_for(house, post_id, photo_id, **field))
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


@pytest.mark.parametrize("changed", ["nothing", "saved again", "another pupil"])
def test_signature_is_for_the_face_and_the_pupil_that_were_seen(house, teacher, sign_in, changed):
    ids = [house.pupil(str(number), name, "Rahimi", shown=False) for number, name in enumerate(("Omar", "Sami"))]
    faces = [Sighting(1, Box(10, 10, 90, 90), MatchStatus.PROTECTED, str(pupil_id), 0.3, 0.2) for pupil_id in ids]
    photo_id = house.photo(faces[0])
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.ROLL_CALL)})
    leader = sign_in(Role.SMT)
    form = leader.get(f"/posts/{post_id}/faces").text.split(f"/photos/{photo_id}/faces/1/sign")[1].split("</form>")[0]
    seen = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("based_on", "likeness")}
    if changed == "saved again":
        house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.NOT_A_FACE)})
    if changed == "another pupil":
        seen["likeness"] = str(ids[1])
    address = f"/posts/{post_id}/photos/{photo_id}/faces/1/sign"
    answer = leader.post(address, data=seen | {"reason": "It is his cousin from Leeds."})
    [kept] = revision_of(house, post_id).photos[0].answers
    assert (answer.status_code, kept.signed_by is None) == ((302, False) if changed == "nothing" else (409, True))


def test_nobody_else_answers_for_the_author(house, sign_in):
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    data = form_for(house, post_id, photo_id, face_1="roll_call", confirmed="1")
    assert sign_in(Role.SMT).post(f"/posts/{post_id}/faces", data=data).status_code in (403, 404)
    assert answers(house, post_id) == []


def picture(name="photo.jpg"):
    content = BytesIO()
    Image.new("RGB", (300, 200), "green").save(content, "JPEG")
    return BytesIO(content.getvalue()), name


def begin(browser, *files, **fields):
    data = {"caption": "A good day.", "networks": "facebook", "photos": list(files)}
    return browser.post("/posts/new", data=data | fields)


@pytest.mark.parametrize("colleague_was_first", [False, True])
def test_good_photos_are_kept_when_another_file_cannot_be_used(house, teacher, sign_in, colleague_was_first):
    if colleague_was_first:
        begin(sign_in(Role.STAFF), picture())
    answer = begin(teacher, picture(), (BytesIO(b"no picture"), "list.jpg"))
    assert answer.status_code == 422
    assert "list.jpg" in answer.text
    kept = answer.text.split('name="kept" value="')[1].split('"')[0]
    assert teacher.get(f"/posts/photos/{kept}/master").status_code == 200
    again = begin(teacher, kept=kept)
    assert again.status_code == 302
    post_id = again.location.split("/posts/")[1].split("/")[0]
    assert [str(photo.photo_id) for photo in revision_of(house, post_id).photos] == [kept]


def test_photo_that_cannot_be_kept_is_asked_for_again(house, sign_in):
    photo_id = house.photo()  # somebody else's
    answer = begin(sign_in(Role.STAFF), kept=str(photo_id))
    assert (answer.status_code, str(photo_id) in answer.text) == (422, False)
    assert "1 photo from before is no longer here. Choose it again." in answer.text
