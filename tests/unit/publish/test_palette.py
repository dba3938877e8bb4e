"""Colours meet WCAG 2.1 AA in light and dark, and stay apart for the colour-blind."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from transforms.publish.palette import (
    ACT_COLOURS,
    DARK,
    KIND_COLOURS,
    LIGHT,
    SENTIMENT_COLOURS,
    contrast,
)

_BACKGROUNDS = ("paper", "surface", "tint", "notice")
_MARKS = ("lake", "lake-soft", "warm", "gold", "stone", "night", "edge", "focus")
# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
_DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
_PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)


def test_contrast_of_black_and_white_is_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("background", _BACKGROUNDS)
@pytest.mark.parametrize("text", ["ink", "muted", "lake", "warm"])
def test_text_has_a_contrast_of_four_and_a_half(scheme, background, text):
    assert contrast(scheme[text], scheme[background]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("background", ["paper", "surface"])
@pytest.mark.parametrize("mark", _MARKS)
def test_marks_have_a_contrast_of_three(scheme, background, mark):
    assert contrast(scheme[mark], scheme[background]) >= 3.0


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("matrix", [_DEUTERANOPIA, _PROTANOPIA], ids=["deuteran", "protan"])
@pytest.mark.parametrize("colours", [KIND_COLOURS, SENTIMENT_COLOURS, ACT_COLOURS])
def test_neighbours_in_a_stack_stay_apart_for_the_colour_blind(scheme, matrix, colours):
    names = list(colours.values())
    for one, other in pairwise(names):
        assert _distance(scheme[one], scheme[other], matrix) > 12, (one, other)


def test_all_parts_of_a_stack_have_different_colours():
    for colours in (KIND_COLOURS, SENTIMENT_COLOURS, ACT_COLOURS):
        assert all(one != other for one, other in combinations(colours.values(), 2))


def _distance(one: str, other: str, matrix: np.ndarray) -> float:
    """CIE 1976 colour difference as a colour-blind eye sees it."""
    return float(np.linalg.norm(_lab(matrix @ _linear(one)) - _lab(matrix @ _linear(other))))


def _linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = np.clip(to_xyz @ np.clip(rgb, 0, 1), 0, None) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
