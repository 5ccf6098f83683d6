"""What other features may want to know, told inside the transaction in which it happens."""

from blinker import Signal

consent_ended = Signal("Permissions ended: sent with session, ended (the purposes by person) and actor.")
templates_disposed = Signal("Nobody is compared with them now: sent by the session with pupil_id, reason and actor.")
"""Without a pupil it is the whole school: matching is off."""
