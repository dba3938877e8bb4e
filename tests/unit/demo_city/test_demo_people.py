"""Invented personal data is well formed and cannot be anybody's."""

import re

from demo_city.chance import Chance
from demo_city.people import iban, identity_code, phone, signature

MARKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def test_identity_codes_have_a_right_mark_and_a_temporary_number() -> None:
    chance = Chance(1, stream=2)
    for _ in range(200):
        code = identity_code(chance)
        assert re.fullmatch(r"\d{6}[-YXWVUA-F]9\d\d[0-9A-Y]", code)
        assert MARKS[int(code[:6] + code[7:10]) % 31] == code[-1]


def test_account_numbers_pass_the_mod_97_check() -> None:
    chance = Chance(1, stream=3)
    for _ in range(50):
        digits = iban(chance).replace(" ", "")
        assert int(digits[4:] + "1518" + digits[2:4]) % 97 == 1
        assert len(digits) == 18


def test_phones_are_of_the_invented_series() -> None:
    chance = Chance(1, stream=4)
    for _ in range(50):
        assert re.search(r"(?:0|\+358 )(?:40|44|50)[ -]?555[ ]?\d{4}$", phone(chance))


def test_signatures_begin_with_a_name() -> None:
    lines = signature(Chance(1, stream=5), "Puistotoimi").splitlines()

    assert re.fullmatch(r"\w+ [\w-]+", lines[0])
