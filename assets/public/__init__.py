"""What leaves the house: suppressed tables, pages, exports, and the pointer to the one in force."""
