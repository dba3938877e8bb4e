"""Drivers against relaimpo's published examples, and refused where they cannot be told.

Where each result was found: docs/methods/references.md.
"""

import numpy as np
import pytest

from transforms.statistics.drivers import (
    LEAST_ANSWERS,
    DriversRefusedError,
    driver_shares,
    lmg_shares,
)

# R's data swiss (47 provinces, 1888): fertility, agriculture, examination, education, catholic,
# infant mortality.
SWISS = """
80.2 17 15 12 9.96 22.2;83.1 45.1 6 9 84.84 22.2;92.5 39.7 5 5 93.4 20.2
85.8 36.5 12 7 33.77 20.3;76.9 43.5 17 15 5.16 20.6;76.1 35.3 9 7 90.57 26.6
83.8 70.2 16 7 92.85 23.6;92.4 67.8 14 8 97.16 24.9;82.4 53.3 12 7 97.67 21
82.9 45.2 16 13 91.38 24.4;87.1 64.5 14 6 98.61 24.5;64.1 62 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1;68.9 60.7 19 12 4.43 22.7;61.7 69.3 22 5 2.82 18.7
68.3 72.6 18 2 24.2 21.2;71.7 34 17 8 3.3 20;55.7 19.4 26 28 12.11 20.2
54.3 15.2 31 20 2.15 10.8;65.1 73 19 9 2.84 20;65.5 59.8 22 10 5.23 18
65 55.1 14 3 4.52 22.4;56.6 50.9 22 12 15.14 16.7;57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21;74.2 58.1 14 8 5.23 23.8;72 63.5 6 3 2.56 18
60.5 60.8 16 10 7.72 16.3;58.3 26.8 25 19 18.46 20.9;65.4 49.5 15 8 6.1 22.5
75.5 85.9 3 2 99.71 15.1;69.3 84.9 7 6 99.68 19.8;77.3 89.7 5 2 100 18.3
70.5 78.2 12 6 98.96 19.4;79.4 64.9 7 3 98.22 20.2;65 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3;79.3 63.1 13 13 96.83 18.1;70.4 38.4 26 12 5.62 20.3
65.7 7.7 29 11 13.79 20.5;72.7 16.7 22 13 11.22 18.9;64.4 17.6 35 32 16.92 23
77.6 37.6 15 7 4.97 20;67.6 18.7 25 7 8.65 19.5;35 1.2 37 53 42.34 18
44.7 46.6 16 29 50.43 18.2;42.8 27.7 22 29 58.33 19.3
"""

# R's data mtcars (32 cars of 1974): miles per gallon, cylinders, displacement, horsepower, gears.
MTCARS = """
21 6 160 110 4;21 6 160 110 4;22.8 4 108 93 4;21.4 6 258 110 3;18.7 8 360 175 3;18.1 6 225 105 3
14.3 8 360 245 3;24.4 4 146.7 62 4;22.8 4 140.8 95 4;19.2 6 167.6 123 4;17.8 6 167.6 123 4
16.4 8 275.8 180 3;17.3 8 275.8 180 3;15.2 8 275.8 180 3;10.4 8 472 205 3;10.4 8 460 215 3
14.7 8 440 230 3;32.4 4 78.7 66 4;30.4 4 75.7 52 4;33.9 4 71.1 65 4;21.5 4 120.1 97 3
15.5 8 318 150 3;15.2 8 304 150 3;13.3 8 350 245 3;19.2 8 400 175 3;27.3 4 79 66 4;26 4 120.3 91 5
30.4 4 95.1 113 5;15.8 8 351 264 5;19.7 6 145 175 5;15 8 301 335 5;21.4 4 121 109 4
"""


def table(text: str) -> np.ndarray:
    rows = text.strip().replace("\n", ";").split(";")
    return np.array([[float(cell) for cell in row.split()] for row in rows])


@pytest.mark.parametrize(
    ("data", "lmg", "explained"),
    [
        (
            SWISS,
            [
                0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735,
                0.1127659229265,
            ],
            0.706735001593,
        ),
        (
            MTCARS,
            [0.2470520332352, 0.2434995947956, 0.2109128995443, 0.0777251114079],
            0.779189638983,
        ),
    ],
)  # fmt: skip
def test_shares_agree_with_relaimpo(data: str, lmg: list[float], explained: float) -> None:
    shares = lmg_shares(np.cov(table(data), rowvar=False))

    # calc.relimp(type = "lmg"): swiss (Grömping 2006, J. Statist. Software 17(1)) and mtcars;
    # relaimpo 2.2-7 in R 4.4, as published with Siamang, tests/test_drivers.py.
    assert shares == pytest.approx(lmg, abs=1e-12)
    assert shares.sum() == pytest.approx(explained, abs=1e-11)


def test_uncorrelated_attributes_have_their_own_squared_correlations() -> None:
    covariance = np.array([[1.0, 0.5, 0.3], [0.5, 1.0, 0.0], [0.3, 0.0, 1.0]])

    assert lmg_shares(covariance) == pytest.approx([0.25, 0.09])


def answers(n: int, *, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    attributes = rng.normal(size=(n, 3))
    return attributes @ [1.0, 0.5, 0.0] + noise * rng.normal(size=n), attributes


def test_shares_add_up_to_what_the_attributes_explain() -> None:
    satisfaction, attributes = answers(400)

    shares = driver_shares(satisfaction, attributes)

    fit = np.column_stack([np.ones(400), attributes])
    left = satisfaction - fit @ np.linalg.lstsq(fit, satisfaction, rcond=None)[0]
    assert shares.sum() == pytest.approx(1 - left.var() / satisfaction.var())
    assert shares.argmax() == 0


def test_fewer_than_a_hundred_whole_answers_are_refused() -> None:
    satisfaction, attributes = answers(LEAST_ANSWERS)

    assert driver_shares(satisfaction, attributes).shape == (3,)
    satisfaction[0] = np.nan
    with pytest.raises(DriversRefusedError, match="99 whole answers"):
        driver_shares(satisfaction, attributes)


def test_attributes_that_explain_next_to_nothing_are_refused() -> None:
    satisfaction, attributes = answers(400, noise=30.0)

    with pytest.raises(DriversRefusedError, match="What drives it was not asked"):
        driver_shares(satisfaction, attributes)


def test_too_many_attributes_are_refused() -> None:
    with pytest.raises(DriversRefusedError, match="13 attributes"):
        driver_shares(np.ones(100), np.ones((100, 13)))


@pytest.mark.parametrize("last", ["constant", "sum"])
def test_an_attribute_that_says_nothing_of_its_own_is_refused(last: str) -> None:
    satisfaction, attributes = answers(200)
    extra = np.ones(200) if last == "constant" else attributes.sum(axis=1)

    with pytest.raises(DriversRefusedError, match="does not vary or is a sum"):
        driver_shares(satisfaction, np.column_stack([attributes, extra]))
