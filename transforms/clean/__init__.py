"""Frames of text to typed, coded rows with their rejects: one module per subject and per kind of value."""
