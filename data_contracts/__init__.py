"""What we promise: tables, columns, rules and code lists, as words; no deeds."""
