"""What other features may want to know, told inside the transaction in which it happens."""

from blinker import Signal

consent_ended = Signal("Permissions ended: sent with session, ended (the purposes by person) and actor.")
