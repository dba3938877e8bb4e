"""Frames of text to typed, coded rows and rejects: one module per subject and kind of value."""
