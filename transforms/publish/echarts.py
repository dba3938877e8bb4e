"""Charts as SVG text: Apache ECharts run in V8 inside Python, without node and without a browser.

One V8 context is made per call of ``render_charts`` or per ``ChartPress`` and used for all charts.
"""

import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from types import TracebackType
from typing import TYPE_CHECKING, Self

from transforms.publish.words import load_words

if TYPE_CHECKING:
    pass

_SCRIPTS = (("vendor", "echarts.min.js"), ("static", "chart_functions.js"))
# What only a live chart needs, and what would differ from one context to the next.
_NOISE = re.compile(
    r' ecmeta_[a-z_]+="[^"]*"| class="zr\d+-cls-\d+"| pointer-events="visible"'
    r"|<style >.*?</style>\n?|<rect [^>]*fill=\"none\"></rect>\n?|<defs >\s*</defs>\n?",
    re.DOTALL,
)
_SIZE = re.compile(r'<svg width="\d+" height="\d+" ')
_INSTANCE = re.compile(r"zr\d+-c")
_LONG_NUMBER = re.compile(r"(\d+\.\d)\d+")


class ChartPress:
    """A V8 context that draws charts; close it, or use it in a ``with`` statement."""

    def __init__(self, *, language: str = "fi") -> None:
        from py_mini_racer import MiniRacer

        self._words = load_words(language).for_charts()
        self._engine: MiniRacer = MiniRacer()
        for folder, name in _SCRIPTS:
            source = files("transforms.publish") / folder / name
            self._engine.eval(source.read_text(encoding="utf-8"))

    def __enter__(self) -> Self:
        """The press itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the context."""
        self.close()

    def close(self) -> None:
        """Frees the V8 context."""
        self._engine.close()

    def draw(self, option: Mapping[str, object], *, width: int, height: int, name: str) -> str:
        """One chart as an SVG element without own size, hidden from assistive technology.

        Args:
            option: An ECharts option as JSON; functions are named as ``fn:…``.
            width: Width of the drawing in CSS pixels.
            height: Height of the drawing in CSS pixels.
            name: Prefix of the ids inside the SVG, unique on its page.
        """
        raw = self._engine.call("kuulolla.render", option, self._words, width, height)
        return _tidy(str(raw), name=name)


def render_charts(
    options: Sequence[Mapping[str, object]], width: int, height: int, *, language: str = "fi"
) -> list[str]:
    """Each option as an SVG text of this size, in order; one V8 context draws them all."""
    with ChartPress(language=language) as press:
        return [
            press.draw(option, width=width, height=height, name=f"chart-{index}")
            for index, option in enumerate(options)
        ]


def to_json(value: object) -> str:
    """JSON that may stand inside a script element of a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _tidy(svg: str, *, name: str) -> str:
    svg = _NOISE.sub("", svg)
    svg = _SIZE.sub('<svg aria-hidden="true" focusable="false" ', svg)
    svg = _INSTANCE.sub(f"{name}-c", svg)
    return _LONG_NUMBER.sub(r"\1", svg).replace("\n", "")
