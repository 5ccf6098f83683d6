"""Words that are not what they seem, and words without end."""

import time

import pytest

from app.core.errors import InvalidInputError
from app.posts.faces import GivenAnswer
from app.posts.models import PostState
from consent.model import Box, Disposition, Person, PersonKind, PersonName, Sighting
from consent.words.gazetteer import compile_gazetteer
from consent.words.links import judge_links
from consent.words.patterns import find_name_shaped, find_titled
from consent.words.personal_data import find_personal_data

TURN, BACK = "\u202e", "\u202c"


@pytest.mark.parametrize("caption", [f"Well done {TURN}ramO{BACK}!", "More at https://school.example/%4f%6dar-won"])
def test_name_that_only_a_screen_shows_never_goes_out_with_a_photo(house, caption):
    shown_id = house.pupil("1", "Omar", "Rahimi", shown=True)
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90)))
    post_id = house.draft(caption, photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, shown_id)})
    assert house.submit(post_id) is PostState.BLOCKED


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "x", "https://", "https://["]
)
def test_link_that_is_no_web_address_is_refused(house, link):
    with pytest.raises(InvalidInputError):
        house.draft("Doors open at six.", link=link)


@pytest.mark.parametrize("words", ["The Hart girl won", "Bravo to the Woods twins", "The King family came"])
def test_surname_that_is_a_word_is_noticed_before_kin(words):
    surnames = enumerate(("Hart", "Woods", "King"))
    pupils = [Person(str(number), PersonKind.PUPIL, (PersonName("Amelia", name),)) for number, name in surnames]
    assert compile_gazetteer(pupils).find(words)


@pytest.mark.parametrize(
    "seed", ["a ", "A", "1", "Amelia ", "Amel ", "Mr A ", "AB12 ", "a@", "w@", "a.b.", "é", "M e i "]
)
def test_endless_words_are_read_in_time_that_grows_with_them(seed):
    names = compile_gazetteer([Person("1", PersonKind.PUPIL, (PersonName("Amelia", "Hart"),))])
    text = (seed * 20_000)[:20_000]
    started = time.process_time()
    names.find(text)
    find_titled(text)
    find_name_shaped(text)
    find_personal_data(text)
    judge_links(text)
    assert time.process_time() - started < 10
