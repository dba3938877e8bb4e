"""Bytes of one source file to frames of text: one module per source format, nothing typed, nothing lost."""
