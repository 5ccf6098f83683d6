"""What other features may want to know, told inside the transaction in which it happens."""

from blinker import Signal

consent_ended = Signal("Somebody's permission ended: sent with session, person_ids and actor.")
