"""What comments tell the features above them. Sent inside the transaction, with the session."""

from blinker import Signal

people_told = Signal("people whom comments are about were told and offered support: session, pile_on, user_ids, actor")
comment_escalated = Signal("a comment must be followed up: session, comment, decision")
comment_narrowed = Signal("judged again, fewer may know of a comment than before: session, comment, decision")
