"""Demo city: an invented city of Seinäjoki's size, written as its source systems would send it."""
