"""What comments tell the features above them. Sent inside the transaction, with the session."""

from blinker import Signal

comment_escalated = Signal("a comment must be followed up: session, comment, decision")
