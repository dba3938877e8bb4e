"""What is withheld has no part in any published byte: page, chart, workbook, warehouse, metadata.

Two cities that differ in nothing but their withheld figures must give the same publication.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assets.public.publishing import build_files
from data_contracts.contract import load_contracts
from tests.support.open_city import AS_OF, HEARD, SERVICES, TIMES, acts_of, marts_of
from tests.support.public_subjects import all_public_tables
from tests.support.scanning import files_with
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.protection import protect
from transforms.privacy.public_tables import open_tables, print_tables
from transforms.privacy.system import Bools, System, build_system
from transforms.publish.publication import Publication

CANARY = 7_654_321
THRESHOLDS = Thresholds(open=5, background=10)
LINEAGE = {
    "snapshot_on": AS_OF,
    "input_fingerprint": "0" * 64,
    "code_version": "0.1.0",
    "taxonomy_version": "2026-1",
}
CITY = {
    "dimension_code": "city",
    "period_kind_code": "last_12_months",
    "act_type_code": "all",
}
City = tuple[dict[str, Table], System, Bools]


@pytest.fixture(scope="module")
def city() -> City:
    """A city whose withheld cells are known, the total of its last twelve months among them."""
    tables = open_tables(marts_of(acts_of(21, n=600)), as_of=AS_OF, previous={})
    system = build_system(tables, services=SERVICES, thresholds=THRESHOLDS)
    withheld = protect(system)
    row = tables[HEARD].frame.with_row_index("row").filter(**CITY)["row"].item()
    place = (pl.col("table") == HEARD) & (pl.col("row") == row) & (pl.col("column") == "n_acts")
    withheld[system.prints.filter(place)["cell"].to_numpy()] = True
    return tables, system, withheld


def with_canaries(tables: Mapping[str, Table], system: System, cells: Bools) -> dict[str, Table]:
    """The same tables with another value in every place of some cells."""
    found = {}
    for name, table in tables.items():
        frame = table.frame
        for column in table.plan.columns:
            mine = system.prints.filter((pl.col("table") == name) & (pl.col("column") == column))
            rows = mine["row"].to_numpy()[cells[mine["cell"].to_numpy()]]
            mask = np.isin(np.arange(frame.height), rows)
            frame = frame.with_columns(
                pl.when(pl.Series(mask)).then(CANARY).otherwise(column).alias(column)
            )
        found[name] = replace(table, frame=frame)
    return found


def publication(public: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Every file of a publication in which these tables stand among others."""
    about = Publication("2025-03-31-test", AS_OF, "Seinäjoki", "0.1.0")
    stamped = {
        name: frame.with_columns(pl.lit(v).alias(k) for k, v in LINEAGE.items()).select(
            list(load_contracts()[name].schema)
        )
        for name, frame in public.items()
    }
    return build_files({**all_public_tables(), **stamped}, about)


@pytest.fixture(scope="module")
def published(city: City) -> Mapping[str, bytes]:
    """Every file of the city's publication."""
    tables, system, withheld = city
    return publication(print_tables(tables, system, withheld, thresholds=THRESHOLDS))


def test_cities_that_differ_in_what_is_withheld_publish_the_same_bytes(
    city: City, published: Mapping[str, bytes], tmp_path: Path
) -> None:
    tables, system, withheld = city
    other = with_canaries(tables, system, withheld)

    twin = print_tables(other, system, withheld, thresholds=THRESHOLDS)

    assert withheld.sum() > 20
    files = publication(twin)
    assert files == published
    assert files_with(files, CANARY, folder=tmp_path) == set()


def test_a_total_that_slips_into_a_table_is_found_in_page_chart_workbook_and_exports(
    city: City, tmp_path: Path
) -> None:
    tables, system, withheld = city
    row = tables[HEARD].frame.with_row_index("row").filter(**CITY)["row"].item()
    place = (pl.col("table") == HEARD) & (pl.col("row") == row) & (pl.col("column") == "n_acts")
    total = np.isin(np.arange(withheld.size), system.prints.filter(place)["cell"].to_numpy())
    planted = with_canaries(tables, system, total)

    public = print_tables(planted, system, withheld & ~total, thresholds=THRESHOLDS)

    found = files_with(publication(public), CANARY, folder=tmp_path)
    assert {
        "csv/heard_acts.csv",
        "csv_fi/heard_acts.csv",
        "parquet/heard_acts.parquet",
        "kuulolla.xlsx",
        "kuulolla.duckdb",
        "site/index.html",
    } <= found


def test_a_workbook_hides_nothing(city: City, published: Mapping[str, bytes]) -> None:
    tables, _, _ = city

    with zipfile.ZipFile(io.BytesIO(published["kuulolla.xlsx"])) as parts:
        names = parts.namelist()
        words = {name: parts.read(name).decode("utf-8", "replace") for name in names}

    assert [n for n in names if "comment" in n or "external" in n or "Cache" in n] == []
    assert 'state="hidden"' not in words["xl/workbook.xml"]
    assert 'state="veryHidden"' not in words["xl/workbook.xml"]
    assert [n for n, text in words.items() if "worksheets" in n and 'hidden="1"' in text] == []
    assert TIMES in tables
