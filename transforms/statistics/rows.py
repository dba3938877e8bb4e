"""Rows that grow with what residents do: asked for by column, and read when they are counted.

A frame that is at hand serves as well, so that a method can be tried on three rows. Row by row,
everything is narrow: numbers in place of ids, no column that is not asked for, and counts of the
finest cells before any sum over levels or periods.
"""

import polars as pl

Rows = pl.LazyFrame | pl.DataFrame
