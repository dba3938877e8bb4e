"""Files of the text stage: models, the table of known word forms, and what they were trained on."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from assets import atomic
from assets.errors import DamagedTableError
from assets.store import parquet_bytes
from transforms.text.lemmas import empty_type_table
from transforms.text.models import TextModels, models_from_bytes, models_to_bytes


class TextFiles:
    """Below one folder; every file is whole or not there."""

    def __init__(self, root: Path) -> None:
        self._models = root / "models.npz"
        self._types = root / "types.parquet"
        self._basis = root / "basis.json"

    def models(self) -> TextModels:
        """The models in force.

        Raises:
            DamagedTableError: If there are none yet.
        """
        if not self._models.exists():
            raise DamagedTableError(
                f"Text models are not in {self._models}, expected them to be trained first. "
                "Run ./run to train them."
            )
        return models_from_bytes(self._models.read_bytes())

    def types(self) -> pl.DataFrame:
        """Every word form ever analysed; empty before the first run."""
        if not self._types.exists():
            return empty_type_table()
        return pl.read_parquet(io.BytesIO(self._types.read_bytes()))

    def basis(self) -> dict[str, Any] | None:
        """What the models were trained on; None before the first training or without models."""
        if not (self._basis.exists() and self._models.exists()):
            return None
        basis: dict[str, Any] = json.loads(self._basis.read_bytes())
        return basis

    def write_models(self, models: TextModels) -> None:
        """Replace the models."""
        atomic.write_bytes(self._models, models_to_bytes(models))

    def write_types(self, types: pl.DataFrame) -> None:
        """Replace the table of word forms."""
        atomic.write_bytes(self._types, parquet_bytes(types))

    def write_basis(self, basis: Mapping[str, Any]) -> None:
        """Remember what the models were trained on; written last, it is their commit."""
        atomic.write_json(self._basis, basis)
