"""Labels of codes in the page's language, and which departments and services there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.publish.words import Words

_CodeRow = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Labels:
    """The code lists by name, each row as texts."""

    lists: Mapping[str, tuple[_CodeRow, ...]]
    words: Words

    def of(self, list_name: str, code: str | None) -> str:
        """Label of a code; the code itself when the list does not know it."""
        if code is None:
            return self.words("cell.none")
        if code in ("all", "unknown"):
            return self.words(f"level.{code}")
        for row in self.lists.get(list_name, ()):
            if next(iter(row.values())) == code:
                return self.words.label(row)
        return code

    def codes(self, list_name: str) -> list[str]:
        """The codes of a list, in the list's order."""
        rows = self.lists.get(list_name, ())
        return [code for row in rows if (code := next(iter(row.values()))) is not None]

    def departments(self, day: date) -> list[str]:
        """Departments in force on a day, in the list's order; those outside the city last."""
        outside = self.outside()
        rows = self.lists.get("departments", ())
        valid = [str(r["department_id"]) for r in rows if _is_in_force(r, day)]
        return [d for d in valid if d not in outside] + [d for d in valid if d in outside]

    def outside(self) -> set[str]:
        """Departments that stand for other authorities: those to whose services mail is sent on."""
        targets = self.forwarded_to()
        services = self.lists.get("services", ())
        return {str(r["department_id"]) for r in services if r["service_id"] in targets}

    def forwarded_to(self) -> set[str]:
        """Services that stand for other authorities."""
        services = self.lists.get("services", ())
        return {code for r in services if (code := r["forwarded_to_service_id"])}

    def services(self, department: str, day: date) -> list[str]:
        """Services of a department in force on a day, in the list's order."""
        rows = self.lists.get("services", ())
        return [
            str(r["service_id"])
            for r in rows
            if r["department_id"] == department and _is_in_force(r, day)
        ]


def read_labels(codes: Mapping[str, pl.DataFrame], *, words: Words) -> Labels:
    """Code lists as rows of text; empty cells are null."""
    lists = {name: tuple(frame.cast(pl.String).to_dicts()) for name, frame in sorted(codes.items())}
    return Labels(lists=lists, words=words)


def _is_in_force(row: _CodeRow, day: date) -> bool:
    start, end = row.get("valid_from"), row.get("valid_to")
    has_begun = not start or date.fromisoformat(start) <= day
    has_ended = bool(end) and date.fromisoformat(str(end)) < day
    return has_begun and not has_ended
