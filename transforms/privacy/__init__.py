"""What keeps residents unrecognisable: pseudonyms, masking of personal data, disclosure control."""
