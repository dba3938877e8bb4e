"""Code lists as dated reference tables: text cells to typed columns.

Belongs here: lists that lie beside the contracts. Does not: population figures, which sources
deliver (``transforms.clean.population``).
"""

from collections.abc import Mapping

import polars as pl

#: Columns of a code list that its table calls otherwise; a table's key is named for its subject.
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "core_reference__departments": {},
    "core_reference__services": {"source": "named_in"},
    "core_reference__areas": {},
    "core_reference__groups": {"code": "group_code"},
    "core_reference__measures": {
        "part": "part_code",
        "name_fi": "title_fi",
        "name_sv": "title_sv",
        "name_en": "title_en",
    },
}
_LISTS: Mapping[str, str] = {
    "core_reference__departments": "departments",
    "core_reference__services": "services",
    "core_reference__areas": "areas",
    "core_reference__groups": "group",
    "core_reference__measures": "measures",
}
REFERENCE_TABLES = tuple(_LISTS)


def reference_table(
    name: str, *, codes: Mapping[str, pl.DataFrame], schema: pl.Schema
) -> pl.DataFrame:
    """One table of ``REFERENCE_TABLES`` from its code list, in the list's order.

    Measures take their days of validity from their version of the model.

    Args:
        name: The core table.
        codes: Every code list as text, by name.
        schema: Columns and types of the contract.

    Returns:
        One row per code, in contract columns; empty cells are null.

    Raises:
        polars.exceptions.InvalidOperationError: If a cell is not of its column's type.
    """
    frame = codes[_LISTS[name]].rename(_RENAMED[name])
    if name == "core_reference__measures":
        versions = codes["model_version"].select("code", "valid_from", "valid_to")
        frame = frame.join(
            versions,
            left_on="model_version",
            right_on="code",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
    return frame.select(_typed(column, dtype) for column, dtype in schema.items())


def _typed(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(column).str.to_date("%Y-%m-%d")
    if dtype == pl.Boolean:
        return pl.col(column).replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )
    return pl.col(column).cast(dtype)
