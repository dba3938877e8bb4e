"""Colours of the pages and charts in light and dark, and the contrast between two of them.

The charts name colours as CSS variables (``var(--lake)``), so one SVG serves both schemes.
"""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "paper": "#fbfaf7",
    "surface": "#ffffff",
    "tint": "#eef3f5",
    "ink": "#14232d",
    "muted": "#4b5a64",
    "line": "#dfe3e3",
    "edge": "#7b8790",
    "lake": "#0f4c6e",
    "lake-soft": "#4a88ab",
    "band": "#c3d8e3",
    "warm": "#ad4a20",
    "gold": "#a1720c",
    "stone": "#7d8890",
    "night": "#0a2b40",
    "notice": "#fbefe3",
    "focus": "#ad4a20",
}
DARK: Mapping[str, str] = {
    "paper": "#0e171d",
    "surface": "#15212a",
    "tint": "#1b2a34",
    "ink": "#e8eef1",
    "muted": "#aebbc3",
    "line": "#2b3a44",
    "edge": "#7f8e98",
    "lake": "#7cc0e6",
    "lake-soft": "#4f93ba",
    "band": "#2a4b5e",
    "warm": "#f09067",
    "gold": "#dcb355",
    "stone": "#8d9aa3",
    "night": "#cfe6f3",
    "notice": "#33241a",
    "focus": "#f0a07c",
}
# Parts of a stack, in the order in which they lie on each other.
KIND_COLOURS: Mapping[str, str] = {
    "vika": "night",
    "moite": "warm",
    "ehdotus": "lake-soft",
    "kysymys": "stone",
    "kiitos": "gold",
}
SENTIMENT_COLOURS: Mapping[str, str] = {
    "positiivinen": "lake",
    "neutraali": "stone",
    "negatiivinen": "warm",
}
ACT_COLOURS: Mapping[str, str] = {
    "ticket": "lake",
    "answer": "lake-soft",
    "idea": "gold",
    "note": "stone",
    "initiative": "warm",
}
# States of a measure of the model; the last is that nobody knows.
STATUS_COLOURS: Mapping[str, str] = {
    "reached": "lake",
    "under_way": "lake-soft",
    "late": "warm",
    "not_started": "gold",
    "lapsed": "night",
    "replaced": "band",
    "unknown": "stone",
}

_LINEAR_LIMIT = 0.04045


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21.

    Reference: WCAG 2.1, definitions of *relative luminance* and *contrast ratio*.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour_rules() -> str:
    """The CSS custom properties of both schemes."""
    light = _properties(LIGHT)
    dark = _properties(DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _properties(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    if channel <= _LINEAR_LIMIT:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
