"""Workers are killed and the networks fail in every known way: nothing is lost, doubled, or sent without a yes."""

import pytest

from app.torture.campaign import run_campaign
from tests.support.services import new_database

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500), pytest.mark.xdist_group("torture")]
POSTS = 20


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_approved_post_is_on_each_wall_once_or_with_a_person(kind, tmp_path, request):
    url = new_database(request.getfixturevalue("postgres_port")) if kind == "postgresql" else ""
    figures = run_campaign(tmp_path, posts=POSTS, seed=4, workers=2, database_url=url)
    assert figures.verdict.broken == []
    assert figures.verdict.states["facebook: sent"] > 0
    assert figures.kills > 0
    assert figures.faults > 0
