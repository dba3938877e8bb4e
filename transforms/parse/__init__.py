"""Bytes of one file to frames of text, nothing typed, nothing lost: one module per format."""
