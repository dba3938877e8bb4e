"""Plans and service processes of the invented city, and who was heard in them."""

from datetime import date

from tests.support.public_tables import SHOWN, WITHHELD

_Rows = list[dict[str, object]]
_NAMED = {
    "plan": ("lapset", "nuoret", "vammaiset", "vanhukset", "maahanmuuttajat"),
    "service": ("lapset", "vammaiset", "vanhukset", "maahanmuuttajat"),
}
_GROUPS = (*_NAMED["plan"], "unknown")
HOSTILE_PROCESS = "<b>Rannan</b> asemakaava"


def process_rows() -> _Rows:
    """A plan that is over, one under way, and a service process without a name."""
    return [
        # Children 24, nobody young, few immigrants, older people not recorded.
        *_rows("ranta", "plan", HOSTILE_PROCESS, (2024, 2025), (24, 0, 14, None, -1, 12), of=140),
        *_rows(
            "tori", "plan", "Torin suunnitelma", (2026, 2026), (5, 0, None, 7, None, 3), of=None
        ),
        *_rows("kirjasto-2025", "service", None, (2025, 2025), (0, 11, None, 31, None, 0), of=88),
    ]


def _rows(
    process: str,
    kind: str,
    name: str | None,
    years: tuple[int, int],
    heard: tuple[int | None, ...],
    *,
    of: int | None,
) -> _Rows:
    """Rows of a process; −1 is withheld, null not recorded; without ``of`` it is under way."""
    rows: _Rows = []
    for group, count in zip(_GROUPS, heard, strict=True):
        is_group = group != "unknown"
        is_closed = of is not None
        rows.append(
            {
                "process_id": process, "group_code": group, "process_kind_code": kind,
                "process_name": name, "department_id": "kaupunkiymparisto",
                "measure_id": "2023-2.2.1" if kind == "plan" else "2023-2.3.1",
                "began_on": date(years[0], 2, 1), "last_held_on": date(years[1], 9, 1),
                "first_year": years[0], "last_year": years[1], "is_closed": is_closed,
                "n_events": 6, "n_events_counted": 5,
                "n_events_recorded": 4 if count is not None else 0,
                "is_record_complete": False if is_group else None,
                "is_named_group": group in _NAMED[kind] if is_group else None,
                "is_recorded": count is not None,
                "is_heard": None if count is None or not is_group else count != 0,
                "n_heard": count if is_closed and count != -1 else None,
                "n_attendees": of, "n_support_given": 1 if is_group else None,
                **(WITHHELD if count == -1 else SHOWN),
            }
        )  # fmt: skip
    return rows
