"""Typed, deduplicated, pseudonymous tables: they keep their promise or the run stops."""
