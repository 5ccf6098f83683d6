"""What publishing tells the features above it, inside the transaction."""

from blinker import Signal

photo_published_wrongly = Signal("A breach of our own making was opened: sent with session, breach, post and actor.")
