"""What the demo city's departments told back, to whom and where; and what they forgot to."""

from datetime import date, timedelta

from demo_city.arrivals import Period
from demo_city.chance import Chance
from demo_city.hand_files import Cell, Row
from demo_city.initiatives import Initiative

ALL = "Henkilöstö, Asukkaat, Sidosryhmät"
SOME = ("Henkilöstö", "Asukkaat", "Henkilöstö, Asukkaat", "Asukkaat, Asiakkaat", "Sidosryhmät")
CHANNELS = (
    "Verkkosivut", "Verkkosivut, Sosiaalinen media", "Uutiskirje", "Tiimipalaveri, Verkkosivut",
    "Toimipisteen ilmoitus", "Lehti tai tiedote", "Sosiaalinen media", "Intranet, Verkkosivut",
)  # fmt: skip
TOLD_ALL, TOLD_SOME = 0.35, 0.25
DROPPED = "Ei toteuteta"


def messages_of(
    actions: list[Row],
    decisions: list[Row],
    initiatives: list[Initiative],
    *,
    departments: dict[str, list[str]],
    period: Period,
    chance: Chance,
) -> list[Row]:
    """Messages about actions, decisions, initiatives and each quarter's summary of feedback.

    Of every promise some are told to everybody, some to a part, some not at all; a few rows are
    promises that wait to be told.
    """
    teller = _Teller(chance, period.last)
    for row in actions:
        if row[8] != DROPPED:
            teller.tell(row[1], "Toimenpide", row[0], _day(row[6]))
    for row in decisions:
        if row[7]:
            teller.tell(row[3], row[7], row[0], _day(row[1]))
    told = [i for i in initiatives if i.sent is not None][::4]
    for initiative in told:
        decided = (initiative.sent or period.last) + timedelta(days=chance.between(60, 170))
        about = f"kuntalaisaloite-{initiative.number}"
        name = departments["konserni"][1]
        teller.tell(name, "Aloite", about, decided)
    for year in range(period.first.year + 1, period.last.year + 1):
        for quarter in (1, 2, 3, 4):
            ends = date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)
            for _, name, _ in departments.values():
                teller.tell(name, "Palautekooste", f"{year}-Q{quarter}", ends)
    return teller.rows()


def _day(cell: Cell) -> date:
    if not isinstance(cell, date):
        raise TypeError(type(cell).__name__)
    return cell


class _Teller:
    """Keeps what was told until the last day of history."""

    def __init__(self, chance: Chance, last: date) -> None:
        self._chance, self._last = chance, last
        self._found: list[tuple[date, Row]] = []

    def tell(self, department: Cell, kind: Cell, about: Cell, promised: date) -> None:
        """Tell of one promise, or do not."""
        chance = self._chance
        sent = promised + timedelta(days=round(chance.lognormal(24, 0.7)))
        draw = chance.unit()
        if promised > self._last or draw > TOLD_ALL + TOLD_SOME:
            if promised <= self._last and draw > 0.97:
                waiting: Row = [department, kind, about, ALL, None, promised, None, None]
                self._found.append((promised, waiting))
            return
        audiences = ALL if draw < TOLD_ALL else chance.pick(SOME)
        if sent <= self._last:
            channels = chance.pick(CHANNELS)
            url = "https://www.esimerkki.example/kuulimme" if "Verkkosivut" in channels else None
            row: Row = [department, kind, about, audiences, channels, None, sent, url]
            self._found.append((sent, row))

    def rows(self) -> list[Row]:
        """Every message in order of its day, numbered within its year."""
        self._found.sort(key=lambda pair: (pair[0], str(pair[1])))
        return [[f"V-{d.year}-{n:03d}", *row] for n, (d, row) in enumerate(self._found, start=1)]
