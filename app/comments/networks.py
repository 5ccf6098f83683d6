"""What each network lets us know and do about comments, before we connect to it."""

from app.platforms.base import Capabilities, Network
from app.platforms.facebook import FacebookPage
from app.platforms.x import XAccount

CAPABILITIES: dict[Network, Capabilities] = {
    Network.FACEBOOK: FacebookPage.capabilities,
    Network.X: XAccount.capabilities,
}
TELLS_HIDDEN = frozenset({Network.FACEBOOK})
"""Networks that say, when a comment is read, whether it is hidden. X says so only in its answer to the hiding."""
NAMES_WHEN_ASKED = frozenset({Network.X})
"""Networks that bill for the names of writers, so that only those of flagged comments are asked for."""
STILL_SEEN = {
    Network.FACEBOOK: "Hidden is not removed: the person who wrote it and their friends can still see it.",
    Network.X: "Hidden is not removed: anybody can still open it there with “View hidden replies”.",
}
