"""What comments tell the features above them. Sent inside the transaction, with the session."""

from blinker import Signal

people_told = Signal("whom comments are about was told and offered support: session, pile_on, user_ids, others, actor")
"""`others` are names of people without a sign-in, who were told in person."""
comment_escalated = Signal("a comment must be followed up: session, comment, decision")
comment_narrowed = Signal("judged again, fewer may know of a comment than before: session, comment, decision")
guess_told = Signal("somebody is told of a mere guess of the model: session, comment")
"""Whoever gathered it with others answers with the bundle of their one notice, and otherwise with None."""
