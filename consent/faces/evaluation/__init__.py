"""Measure the face engine on pictures whose faces are known."""
