"""Personal data out of rows before anything else sees them: masking, pseudonyms, text ids.

What is to be done with a column is read from its class in the contract, so that a new column of
class ``personal`` or ``pseudonymous`` cannot be forgotten.
"""

import polars as pl

from data_contracts.contract import Table
from transforms.privacy.mask import mask_texts
from transforms.privacy.pseudonymise import content_id, pseudonymise

TEXT_ID = "text_id"


def protect_rows(frame: pl.DataFrame, table: Table, *, key: bytes) -> pl.DataFrame:
    """The rows of ``frame`` masked and pseudonymous.

    Args:
        frame: Cleaned rows: columns of class ``personal`` in clear, ``pseudonymous`` keys in clear.
        table: The contract.
        key: Secret key of pseudonyms.

    Returns:
        ``frame`` with personal columns masked, ``n_masked`` (spans masked in the row) and
        ``text_id`` (keyed hash of the masked text, else of the title; null where that is null)
        when the contract has them, and pseudonymous keys hashed. Row order is kept.
    """
    personal = [c for c in table.names(classification="personal") if c in frame.columns]
    n_masked = pl.zeros(frame.height, dtype=pl.Int64, eager=True)
    for name in personal:
        masked = mask_texts(frame[name])
        frame = frame.with_columns(masked["text"].alias(name))
        n_masked = n_masked + masked["n_masked"].fill_null(0).cast(pl.Int64)
    if "n_masked" in table.schema:
        frame = frame.with_columns(n_masked.alias("n_masked"))
    keys = [c for c in table.names(classification="pseudonymous") if c in frame.columns]
    frame = pseudonymise(frame, keys, key)
    if TEXT_ID in table.schema:
        text = "text" if "text" in frame.columns else "title"
        frame = frame.with_columns(content_id(frame[text], key).alias(TEXT_ID))
    return frame
