"""Places of texts are looked for once per text and version of the gazetteer, over real files."""

from pathlib import Path

import polars as pl
import pytest

from assets.core import text as text_stage
from assets.text_files import TextFiles
from transforms.text.gazetteer import Gazetteer

TEXTS = pl.DataFrame(
    {"text_id": ["a", "b"], "text": ["Törnävän uimaranta on auki.", "Bussi oli myöhässä."]}
)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts in which places were looked for."""
    seen: list[str] = []
    find = text_stage.find_places

    def remember(texts: pl.Series, gazetteer: Gazetteer) -> pl.Series:
        seen.extend(texts.to_list())
        return find(texts, gazetteer)

    monkeypatch.setattr(text_stage, "find_places", remember)
    return seen


def test_places_are_looked_for_in_new_texts_only(tmp_path: Path, looked_at: list[str]) -> None:
    files = TextFiles(tmp_path)
    text_stage.places_in(TEXTS.head(1), files)

    places = text_stage.places_in(TEXTS, files).sort("text_id")

    assert places.rows() == [("a", "Törnävä"), ("b", None)]
    assert looked_at == TEXTS["text"].to_list()


def test_another_gazetteer_finds_all_places_anew(
    tmp_path: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = TextFiles(tmp_path)
    text_stage.places_in(TEXTS, files)
    monkeypatch.setattr(text_stage, "gazetteer_version", lambda: "another")

    text_stage.places_in(TEXTS, files)

    assert looked_at == [*TEXTS["text"], *TEXTS["text"]]


def test_places_of_a_text_that_is_gone_are_forgotten(tmp_path: Path) -> None:
    files = TextFiles(tmp_path)
    text_stage.places_in(TEXTS, files)

    text_stage.places_in(TEXTS.tail(1), files)

    assert files.places(text_stage.gazetteer_version())["text_id"].to_list() == ["b"]
