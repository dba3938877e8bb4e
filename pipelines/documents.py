"""Docs that are written from the contracts, so that they cannot drift."""

from pathlib import Path

from data_contracts.contract import load_contracts
from data_contracts.dictionary import render_dictionary

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
    return {_ROOT / "docs" / "data_dictionary.md": render_dictionary(load_contracts().values())}
