"""Checks of what lies on disk; a failed one stops everything downstream."""
