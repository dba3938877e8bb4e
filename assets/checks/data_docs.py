"""Data Docs without strangers: our own front page, and no reference to another host on the rest.

Great Expectations' templates load scripts and styles from some fifteen other hosts, and its front
page is empty without them. Those references are removed, a small style sheet of our own takes
their place, and the front page is written here.
"""

import html
import re
from collections.abc import Iterable
from pathlib import Path

from assets.checks.verdicts import Verdict

_STRANGERS = re.compile(
    r"<script[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>"
    r"|<link[^>]*\bhref=[\"']https?://[^>]*>"
    r"|<img[^>]*\bsrc=[\"']https?://[^>]*>"
    r"|<footer\b.*?</footer>",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESSES = re.compile(r"https?://(?!www\.w3\.org)[^\s\"'<>)]+", re.IGNORECASE)
_STYLE = Path(__file__).with_name("data_docs.css")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Data Docs</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>Data Docs</h1>
<p>What was checked of every table: {n_passed} of {n_tables} keep their contract.</p>
<table><thead><tr><th scope="col">Table</th><th scope="col">Result</th>
<th scope="col">Expectations</th><th scope="col">Broken</th></tr></thead>
<tbody>
{rows}
</tbody></table></main></body></html>
"""


def clean_page(page: Path) -> None:
    """Take every reference to another host out of a page that has just been built."""
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
    text = _ADDRESSES.sub("", _STRANGERS.sub("", page.read_text(encoding="utf-8")))
    page.write_text(text.replace("</head>", style, 1), encoding="utf-8")


def write_front_page(site: Path, verdicts: Iterable[Verdict]) -> Path:
    """The list of all tables with their verdicts, each with a link to its own page."""
    known = sorted(verdicts, key=lambda v: v.table)
    path = site / "index.html"
    page = _PAGE.format(
        style=_STYLE.read_text(encoding="utf-8"),
        n_passed=sum(v.passed for v in known),
        n_tables=len(known),
        rows="\n".join(_row(site, verdict) for verdict in known),
    )
    path.write_text(page, encoding="utf-8")
    return path


def _row(site: Path, verdict: Verdict) -> str:
    found = sorted(site.glob(f"validations/{verdict.table}/**/*.html"))
    name = html.escape(verdict.table)
    if found:
        name = f'<a href="{found[-1].relative_to(site).as_posix()}">{name}</a>'
    result = "passed" if verdict.passed else "failed"
    broken = html.escape("; ".join(verdict.broken)) or "none"
    cells = f"<td>{result}</td><td>{verdict.n_expectations}</td><td>{broken}</td>"
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'
