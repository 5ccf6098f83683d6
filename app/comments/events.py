"""What comments tell the features above them. Sent inside the transaction, with the session."""

from blinker import Signal

comment_escalated = Signal("a comment must be followed up: session, comment, decision")
comment_hidden = Signal("a comment is no longer shown on its network: session, comment")
