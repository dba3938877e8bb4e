"""Docs that are written from the contracts, so that they cannot drift."""

from pathlib import Path

from data_contracts.contract import load_contracts
from data_contracts.dictionary import render_dictionary
from data_contracts.templates import hand_filled_tables
from pipelines.templates import render_columns

_COLUMNS = "## Columns\n\n"
_ROOT = Path(__file__).resolve().parent.parent


def write_documents() -> list[Path]:
    """Write every generated page; gives their paths."""
    for path, text in _rendered().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(_rendered())


def stale_documents() -> list[str]:
    """Names of generated pages that differ from what would be written now."""
    return [
        str(path.relative_to(_ROOT))
        for path, text in _rendered().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _rendered() -> dict[Path, str]:
    templates = _ROOT / "docs" / "operations" / "templates.md"
    return {
        _ROOT / "docs" / "data_dictionary.md": render_dictionary(load_contracts().values()),
        templates: _with_columns(templates.read_text(encoding="utf-8")),
    }


def _with_columns(page: str) -> str:
    """The page as written by hand, with the columns of every template below its last heading."""
    by_hand, heading, _ = page.partition(_COLUMNS)
    parts = [
        f"### {table.template_name}: {table.title_fi}\n\n{render_columns(table)}\n"
        for table in hand_filled_tables()
    ]
    return by_hand + heading + "\n".join(parts)
