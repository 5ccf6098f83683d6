"""Only the address of a post itself names a post: a photo, an album or another site does not."""

import pytest

from app.platforms.base import Network
from app.publishing.pasted import number_in


@pytest.mark.parametrize(
    ("network", "address", "number"),
    [
        (Network.X, "https://x.com/school/status/1234567", "1234567"),
        (Network.X, "https://mobile.twitter.com/school/status/1234567?t=99999", "1234567"),
        (Network.X, "https://x.com/school/status/1234567/photo/1", "1234567"),
        (Network.X, "https://x.com.example/school/status/1234567", None),
        (Network.X, "http://x.com/school/status/1234567", None),
        (Network.X, "https://x.com/school?t=1234567", None),
        (Network.X, "https://www.facebook.com/42/posts/1234567", None),
        (Network.FACEBOOK, "https://www.facebook.com/42/posts/1234567/?ref=88888", "1234567"),
        (Network.FACEBOOK, "https://www.facebook.com/school/posts/doors-open/1234567", "1234567"),
        (Network.FACEBOOK, "https://www.facebook.com/permalink.php?story_fbid=1234567&id=4242424", "1234567"),
        (Network.FACEBOOK, "https://www.facebook.com/4242424_1234567", "1234567"),
        (Network.FACEBOOK, "https://www.facebook.com/media/set/?set=a.1234567", None),
        (Network.FACEBOOK, "https://www.facebook.com/4242424", None),
        (Network.FACEBOOK, "https://news.example/posts/1234567", None),
    ],
)
def test_number_of_a_post_is_read_strictly(network, address, number):
    assert number_in(network, address) == number
