"""Small contracts built in memory, for tests of what is rendered from contracts."""

from dataclasses import replace

import polars as pl

from data_contracts.contract import Column, CrossRule, Table


def column(name: str, dtype: pl.DataType | None = None, **changes: object) -> Column:
    """An open, optional column of text, with ``changes``."""
    honest = Column(
        name=name,
        dtype=dtype or pl.String(),
        label_fi=f"Sarake {name}",
        description=f"What {name} holds.",
        classification="open",
    )
    return replace(honest, **changes)  # type: ignore[arg-type]


def table(*columns: Column, name: str = "core_trees__trees", **changes: object) -> Table:
    """A table of the columns, with ``changes``."""
    honest = Table(
        name=name,
        description="Trees of the city's parks.",
        grain="One row per tree.",
        columns=columns,
        cross_rules=(),
        domain="trees",
        owner="puutarhurit",
        version="1.0.0",
        title_fi="Puut",
    )
    return replace(honest, **changes)  # type: ignore[arg-type]


def cross_rule(name: str, kind: str, **arguments: object) -> CrossRule:
    """A rule over several columns."""
    return CrossRule(name, kind, arguments, f"Rule {name} holds.")
