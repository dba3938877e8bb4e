"""The house assembled: definitions, environments, schedules, the command line."""
