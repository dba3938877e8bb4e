"""Client of PxWeb (StatFin and others): the population tables of one municipality.

Belongs here: which variables of a table to ask for, and when to ask again. Does not: transport,
patience and retries (``assets.connectors.http``), what the answer means (the parsers).

A table describes itself to a GET: its variables, their values, and which may be left out
(``elimination``). A POST of a selection gives the cells. Ids of variables have changed once, from
words (``Alue``) to names of classes (``kunta_85_20190101``): they are known by how they begin.
StatFin takes some thirty requests in ten seconds and 100,000 cells in one answer.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from assets.connectors.checkpoint import Checkpoint
from assets.connectors.delivery import Delivery
from assets.connectors.http import Answer, PoliteClient
from assets.errors import SourceDownError

#: StatFin vaerak: 11re population by area, age and gender; 11rm by area, language and gender.
TABLES = ("statfin_vaerak_pxt_11re.px", "statfin_vaerak_pxt_11rm.px")
#: The same years are asked for again after this, since statistics are mended.
ASK_AGAIN_AFTER = timedelta(days=30)

_MOST_CELLS = 100_000
_KINDS: Mapping[str, tuple[str, ...]] = {
    "area": ("alue", "kunta", "area", "region"),
    "year": ("vuosi", "timeperiod_y", "year"),
    "whole": ("ikä", "ika", "age", "sukupuoli", "sex", "kieli", "language"),
    "content": ("tiedot", "contentscode", "information"),
}
_COUNT_OF_PEOPLE = ("vaesto", "vaerak-vaesto")
_TOTAL = "SSS"


@dataclass(frozen=True, slots=True)
class PxWebSource:
    """The database and the city in it.

    Attributes:
        municipality_code: Official number, leading zeros or not.
        address: Folder of the tables, as ``https://…/PxWeb/api/v1/fi/StatFin/vaerak``.
        tables: File names of its tables.
        n_years: So many last years are asked for.
        source_code: Name of the source.
        licence: Licence of the answers.
    """

    municipality_code: str
    address: str = "https://pxdata.stat.fi/PxWeb/api/v1/fi/StatFin/vaerak"
    tables: Sequence[str] = TABLES
    n_years: int = 5
    source_code: str = "vaesto"
    licence: str | None = "CC BY 4.0"

    @property
    def area(self) -> str:
        """The municipality as the database names it: KU743."""
        return f"KU{self.municipality_code.zfill(3)}"


@dataclass(frozen=True, slots=True)
class PxWebFetch:
    """Answers of every table that has something new; iterate once.

    Attributes:
        client: The transport.
        source: What is asked.
        today: City date of the run.
        checkpoint: Which years were landed of each table, and when.
        clock: Gives the moment of fetching, with zone.
    """

    client: PoliteClient
    source: PxWebSource
    today: date
    checkpoint: Checkpoint
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __iter__(self) -> Iterator[Delivery]:
        """One answer per table with a year that was not landed yet, or landed long ago.

        Raises:
            SourceDownError: If the database does not answer as it should.
        """
        landed = dict(self.checkpoint.load())
        for table in self.source.tables:
            address = f"{self.source.address.rstrip('/')}/{table}"
            query, years = self._query(self._described(address), address)
            seen = landed.get(table, {})
            if seen.get("errand") == query and self._is_fresh(seen["asked_on"]):
                continue
            body = {"query": query, "response": {"format": "json-stat2"}}
            answer = self.client.post_json(address, body=body)
            _refuse_other(answer)
            yield self._delivery(answer, table, years)
            landed[table] = {"errand": query, "asked_on": self.today.isoformat()}
            self.checkpoint.save(landed)

    def _is_fresh(self, asked_on: str) -> bool:
        return self.today - date.fromisoformat(asked_on) < ASK_AGAIN_AFTER

    def _described(self, address: str) -> list[dict[str, Any]]:
        answer = self.client.get(address)
        try:
            variables = json.loads(answer.content)["variables"]
            return [{**v, "values": list(v["values"]), "code": str(v["code"])} for v in variables]
        except (ValueError, KeyError, TypeError) as error:
            raise SourceDownError(
                f"Found no variables in the answer of {address}, expected a table's description. "
                "Check the address and the table in the settings."
            ) from error

    def _query(
        self, variables: Sequence[Mapping[str, Any]], address: str
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """The selection, and its years; a variable of another subject only at its total."""
        chosen = {v["code"]: self._chosen(v) for v in variables}
        years = next((chosen[v["code"]] for v in variables if _kind(v["code"]) == "year"), [])
        area = [v["code"] for v in variables if _kind(v["code"]) == "area"]
        n_cells = 1
        for values in chosen.values():
            n_cells *= max(1, len(values))
        if not years or [chosen[code] for code in area] != [[self.source.area]]:
            raise SourceDownError(
                f"Found no year or no area {self.source.area} in {address}, expected a population "
                "table of municipalities. Name another table."
            )
        if n_cells > _MOST_CELLS:
            raise SourceDownError(
                f"Found {n_cells} cells to ask of {address}, expected at most {_MOST_CELLS}. "
                "Ask for fewer years."
            )
        query = [
            {"code": code, "selection": {"filter": "item", "values": values}}
            for code, values in chosen.items()
            if values
        ]
        return query, years

    def _chosen(self, variable: Mapping[str, Any]) -> list[str]:
        """Values to ask for; none where the variable may be left out."""
        values: list[str] = variable["values"]
        match _kind(variable["code"]):
            case "area":
                return [value for value in values if value == self.source.area]
            case "year":
                return sorted(values)[-self.source.n_years :]
            case "whole":
                return values
            case "content":
                return [value for value in values if value.lower() in _COUNT_OF_PEOPLE]
        if variable.get("elimination"):
            return []
        return [_TOTAL] if _TOTAL in values else values[:1]

    def _delivery(self, answer: Answer, table: str, years: Sequence[str]) -> Delivery:
        stem = table.removesuffix(".px")
        return Delivery(
            source_code=self.source.source_code,
            name=f"{stem}_{years[0]}_{years[-1]}.json",
            address=answer.address,
            content=answer.content,
            fetched_at=self.clock(),
            media_type=answer.media_type,
            licence=self.source.licence,
        )


def fetch_population(
    client: PoliteClient, source: PxWebSource, *, today: date, checkpoint: Checkpoint
) -> PxWebFetch:
    """The fetch of one run: iterate it and land each delivery."""
    return PxWebFetch(client, source, today, checkpoint)


def _kind(code: str) -> str | None:
    folded = code.lower()
    return next((kind for kind, starts in _KINDS.items() if folded.startswith(starts)), None)


def _refuse_other(answer: Answer) -> None:
    try:
        document = json.loads(answer.content)
    except ValueError as error:
        raise SourceDownError(
            f"Found JSON that is cut off or broken ({len(answer.content)} bytes), expected a "
            f"JSON-stat dataset from {answer.address}. The next run asks again."
        ) from error
    if not isinstance(document, dict) or document.get("class") != "dataset":
        raise SourceDownError(
            f"Found JSON that is no JSON-stat dataset, expected one from {answer.address}. "
            "Check the address in the settings."
        )
