"""When and with what: thin Dagster, and all input and output of the house."""
