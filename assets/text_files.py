"""Files of the text stage: models in force, before and refused, tables of known word forms and of
their scores, places of texts, what the models were trained on and how the last training was judged.
"""

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
from transforms.text.score_table import (
    ScoreTable,
    empty_score_table,
    table_from_bytes,
    table_to_bytes,
)

_PLACES = {"text_id": pl.String, "places": pl.String}


class TextFiles:
    """Below one folder; every file is whole or not there."""

    def __init__(self, root: Path) -> None:
        self._models = root / "models.npz"
        self._previous = root / "previous.npz"
        self._candidate = root / "candidate.npz"
        self._promotion = root / "promotion.json"
        self._types = root / "types.parquet"
        self._scores = root / "scores.npz"
        self._places = root / "places.parquet"
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

    def scores(self, models: TextModels) -> ScoreTable:
        """Scores of word forms by these models; empty when there are none of them."""
        if not self._scores.exists():
            return empty_score_table(models)
        table = table_from_bytes(self._scores.read_bytes())
        is_theirs = table.method_version == models.method_version
        return table if is_theirs else empty_score_table(models)

    def places(self, version: str) -> pl.DataFrame:
        """``text_id`` and ``places`` as this version of the gazetteer found them; else empty."""
        if not self._places.exists():
            return pl.DataFrame(schema=_PLACES)
        found = pl.read_parquet(io.BytesIO(self._places.read_bytes()))
        return found.filter(version=version).select(list(_PLACES))

    def basis(self) -> dict[str, Any] | None:
        """What the models were trained on; None before the first training or without models."""
        if not (self._basis.exists() and self._models.exists()):
            return None
        basis: dict[str, Any] = json.loads(self._basis.read_bytes())
        return basis

    def promotion(self) -> dict[str, Any]:
        """How the last training was judged; empty before the first."""
        if not self._promotion.exists():
            return {}
        verdict: dict[str, Any] = json.loads(self._promotion.read_bytes())
        return verdict

    def promote(self, models: TextModels) -> None:
        """Put models in force; those that were stay beside for comparison.

        Promoting the same models again (a run was killed half-way) changes nothing.
        """
        content = models_to_bytes(models)
        earlier = self._models.read_bytes() if self._models.exists() else None
        if earlier == content:
            return
        if earlier is not None:
            atomic.write_bytes(self._previous, earlier)
        atomic.write_bytes(self._models, content)
        self._candidate.unlink(missing_ok=True)

    def refuse(self, models: TextModels) -> None:
        """Keep models that were not promoted beside those in force."""
        atomic.write_bytes(self._candidate, models_to_bytes(models))

    def write_promotion(self, verdict: Mapping[str, Any]) -> None:
        """Remember how a training was judged."""
        atomic.write_json(self._promotion, verdict)

    def write_types(self, types: pl.DataFrame) -> None:
        """Replace the table of word forms."""
        atomic.write_bytes(self._types, parquet_bytes(types))

    def write_scores(self, scores: ScoreTable) -> None:
        """Replace the scores of word forms."""
        atomic.write_bytes(self._scores, table_to_bytes(scores))

    def write_places(self, places: pl.DataFrame, version: str) -> None:
        """Replace the places of texts by those that ``version`` of the gazetteer found."""
        kept = places.select(*_PLACES, version=pl.lit(version)).sort("text_id")
        atomic.write_bytes(self._places, parquet_bytes(kept))

    def write_basis(self, basis: Mapping[str, Any]) -> None:
        """Remember what the models were trained on; written last, it is their commit."""
        atomic.write_json(self._basis, basis)
