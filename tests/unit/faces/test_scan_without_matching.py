"""Where nobody is enrolled, or matching is off, faces are found and nothing biometric is computed."""

from consent.faces.image import open_upright, pixels_of
from consent.faces.matcher import Gallery, Thresholds
from consent.faces.scan import Likeness, scan
from consent.model import MatchStatus
from tests.support.pictures import PICTURES


class Watched:
    """The engine, with a note of whether faces were described."""

    def __init__(self, engine):
        self.engine, self.described = engine, []

    def find(self, picture, **options):
        self.described.append(options["describe"])
        return self.engine.find(picture, **options)


def test_nobody_to_compare_with_means_no_vectors(engine):
    watched = Watched(engine)
    nobody = Likeness(Gallery({}), frozenset(), None, Thresholds())
    content = (PICTURES / "events/ev14_two_close_up.jpg").read_bytes()
    seen = scan(content, nobody, watched)
    assert watched.described == [False]
    assert {sighting.status for sighting in seen.sightings} == {MatchStatus.UNKNOWN}
    assert len(seen.sightings) >= 2
    found = engine.find(pixels_of(open_upright(content)), describe=False)
    assert {face.vector.size for face in found} == {0}
