"""Clients of the sources: they fetch bytes and know neither Dagster nor our tables."""
