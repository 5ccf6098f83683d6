"""X gives an edited post a new id and tells the earlier ones with it."""

import pytest

from tests.unit.platforms.scripted import said, x

REPLY = {"id": "1700000000000000003", "text": "Lovely", "author_id": "7", "conversation_id": "1700000000000000001"}


@pytest.mark.parametrize(
    ("told", "earlier"),
    [
        ({}, ()),
        ({"edit_history_tweet_ids": [REPLY["id"]]}, ()),
        ({"edit_history_tweet_ids": ["1700000000000000002", REPLY["id"]]}, ("1700000000000000002",)),
        ({"edit_history_post_ids": ["1700000000000000002", REPLY["id"]]}, ("1700000000000000002",)),
        ({"edit_history_tweet_ids": "nonsense"}, ()),
        ({"edit_history_tweet_ids": [None, {}, REPLY["id"]]}, ()),
    ],
)
def test_earlier_ids_are_read(told, earlier):
    account, _ = x(said({"data": {**REPLY, **told}}))
    assert account.fetch_comment(REPLY["id"]).earlier_ids == earlier
