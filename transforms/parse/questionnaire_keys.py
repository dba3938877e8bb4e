"""One table of a questionnaire file, key by key, with errors that the file's writer can act on.

Belongs here: types of values, required and unknown keys. Does not: what a questionnaire is.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from transforms.parse.parsed import RefusedFileError

_SHOWN = 40


class Keys:
    """A TOML table whose keys are taken one by one; ``finish`` refuses what nobody took.

    ``path`` is where the table stands in the file, for messages: ``variable[3]``.
    """

    def __init__(self, table: Mapping[str, Any], path: str) -> None:
        self._table = table
        self._path = path
        self._known: list[str] = []

    def where(self, key: str) -> str:
        """The key with its path, as shown in messages."""
        return f"{self._path}.{key}" if self._path else key

    def text(self, key: str) -> str | None:
        """A text that is not blank, trimmed; null when the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, value, "a text in quotation marks that is not empty")
        return value.strip()

    def needed_text(self, key: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if value is None:
            raise self.missing(key, "a text in quotation marks")
        return value

    def code(self, key: str) -> str:
        """A code that must be there: a text, or a whole number taken as its digits."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.needed_text(key)

    def raw_text(self, key: str) -> str | None:
        """A text that may be blank, such as a separator."""
        value = self._take(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise self.error(key, value, "a text in quotation marks that is not empty")
        return value

    def choice(self, key: str, choices: Sequence[str], *, default: str | None) -> str | None:
        """One of ``choices``."""
        value = self.text(key)
        if value is None:
            return default
        if value not in choices:
            raise self.error(key, value, f"one of {', '.join(choices)}")
        return value

    def needed_choice(self, key: str, choices: Sequence[str], *, default: str | None = None) -> str:
        """One of ``choices``, which must be there unless there is a default."""
        value = self.choice(key, choices, default=default)
        if value is None:
            raise self.missing(key, f"one of {', '.join(choices)}")
        return value

    def whole(self, key: str) -> int | None:
        """A whole number from 0."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(key, value, "a whole number from 0, without quotation marks")
        return value

    def number(self, key: str) -> float | None:
        """A number; its decimal mark is a point."""
        value = self._take(key)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not abs(value) < float("inf"):
            raise self.error(key, value, "a number without quotation marks, such as 1 or 2.5")
        return float(value)

    def flag(self, key: str) -> bool | None:
        """``true`` or ``false``."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, value, "true or false, without quotation marks")
        return value

    def date(self, key: str) -> dt.date | None:
        """A day."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.error(
                key, value, "a day as year-month-day without quotation marks, such as 2025-03-01"
            )
        return value

    def tables(self, key: str) -> list["Keys"]:
        """The tables of an array, empty when absent; their paths count from 1."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.error(key, value, "tables: [[…]] headings or {key = value} in brackets")
        return [Keys(entry, f"{self.where(key)}[{n}]") for n, entry in enumerate(value, start=1)]

    def table(self, key: str) -> "Keys | None":
        """One table; null when absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(key, value, f"a table: a [{key}] heading or {{key = value}}")
        return Keys(value, self.where(key))

    def is_text(self, key: str) -> bool:
        """Whether the key holds a text."""
        return isinstance(self._table.get(key), str)

    def finish(self) -> None:
        """Refuse keys that nobody asked for.

        Raises:
            RefusedFileError: With the first such key and the keys that are known.
        """
        for key in self._table:
            if key not in self._known:
                near = get_close_matches(key, self._known, n=1)
                hint = f"Perhaps '{near[0]}' is meant" if near else "Remove it or move it"
                known: Collection[str] = sorted(set(self._known))
                raise RefusedFileError(
                    f"Found the unknown key '{self.where(key)}', expected only"
                    f" {', '.join(known)}. {hint}."
                )

    def error(self, key: str, found: object, expected: str) -> RefusedFileError:
        """The refusal of a value."""
        shown = repr(found)
        shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
        return RefusedFileError(
            f"Found {shown} at '{self.where(key)}', expected {expected}."
            " Correct it in the questionnaire file."
        )

    def missing(self, key: str, expected: str) -> RefusedFileError:
        """The refusal of a table without a key that it must have."""
        near = get_close_matches(key, [k for k in self._table if k not in self._known], n=1)
        found = f"'{self.where(near[0])}' and no key" if near else "no key"
        return RefusedFileError(
            f"Found {found} '{self.where(key)}', expected {expected}."
            f" {'Rename' if near else 'Add'} it in the questionnaire file."
        )

    def _take(self, key: str) -> Any:  # noqa: ANN401 - TOML's values
        self._known.append(key)
        return self._table.get(key)
