"""Contract → what Dagster shows of a table: words, owner, group, kinds, columns, freshness."""

from datetime import timedelta
from typing import Any

import dagster as dg

from data_contracts.contract import Table, load_contracts

#: A table that has not been computed for this long says so in the UI; nights are 24 h apart.
_NIGHTLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36))


def spec_of(name: str, *, deps: tuple[str, ...] = ()) -> dg.AssetSpec:
    """The asset specification of one table, all of it from its contract."""
    return dg.AssetSpec(name, deps=list(deps), **described(load_contracts()[name]))


def described(table: Table) -> dict[str, Any]:
    """Keyword arguments that an asset of this table takes."""
    columns = [
        dg.TableColumn(
            name=column.name,
            type=str(column.dtype).split("(", maxsplit=1)[0],
            description=f"{column.label_fi}. {column.description}",
            constraints=dg.TableColumnConstraints(
                nullable=not column.is_required, unique=table.key == (column.name,)
            ),
            tags={"class": column.classification},
        )
        for column in table.columns
    ]
    metadata: dict[str, Any] = {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "grain": table.grain,
        "contract_version": table.version,
    }
    if table.dataset_id:
        metadata["dataset"] = table.dataset_id
    return {
        "description": f"**{table.title_fi}.** {table.description}\n\n{table.grain}",
        "owners": [f"team:{table.owner}"],
        "group_name": f"{table.layer}_{table.domain}",
        "kinds": {"polars", "parquet"},
        "metadata": metadata,
        "tags": {"layer": table.layer, "domain": table.domain},
        "freshness_policy": _NIGHTLY,
    }
