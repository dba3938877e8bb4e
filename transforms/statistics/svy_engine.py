"""Means and raked weights by the library svy: the second opinion behind ``estimates``.

Nothing else may import svy, and nothing here loads it before it is asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_ROUNDS: Final = 1000
_TIGHT: Final = 1e-13  # svy's default of 1e-4 moves the 5th digit
_RAKED: Final = "raked"


def raked_weights(margins: Sequence[Ints], totals: Sequence[Floats], *, base: Floats) -> Floats:
    """Weights that ``weights.rake`` would give, by svy."""
    sample = _raked(_sample({"wgt": base}, values=None, margins=margins), totals)
    weights: Floats = sample.data[_RAKED].to_numpy()
    return weights


def means_with_errors(
    values: Floats,
    parts: Mapping[str, Floats | Ints],
    *,
    margins: Sequence[Ints],
    totals: Sequence[Floats],
) -> tuple[Floats, Floats]:
    """Mean and standard error of each column of ``values``, NaN where it has no answer.

    Args:
        values: As for ``estimates.estimate_means``; each column with an answer.
        parts: Columns of the design by svy's names of its parts: ``wgt`` (before calibration), and
            ``stratum``, ``psu``, ``pop_size`` where there are any.
        margins: Categories calibrated to; none leaves the weights as they are.
        totals: The weight that each category reached.
    """
    sample = _sample(parts, values=values, margins=margins)
    if margins:
        sample = _raked(sample, totals)
    names = [f"y{column}" for column in range(values.shape[1])]
    found = [sample.estimation.mean(name, drop_nulls=True).estimates[0] for name in names]
    return np.array([cell.est for cell in found]), np.array([cell.se for cell in found])


def _sample(
    parts: Mapping[str, Floats | Ints], *, values: Floats | None, margins: Sequence[Ints]
) -> Any:  # noqa: ANN401 - svy's own class, loaded here only
    import svy

    columns: dict[str, Floats | Ints] = dict(parts)
    columns |= {f"m{k}": codes for k, codes in enumerate(margins)}
    if values is not None:
        columns |= {f"y{k}": cell for k, cell in enumerate(values.T)}
    frame = pl.DataFrame(columns).with_columns(pl.col("^y.*$").fill_nan(None))
    design: Any = svy.Design
    return svy.Sample(frame, design(**{part: part for part in parts}))


def _raked(sample: Any, totals: Sequence[Floats]) -> Any:  # noqa: ANN401 - as above
    controls = {
        f"m{k}": {code: float(total) for code, total in enumerate(wanted)}
        for k, wanted in enumerate(totals)
    }
    return sample.weighting.rake(
        controls=controls, tol=_TIGHT, max_iter=_MOST_ROUNDS, wgt_name=_RAKED
    )
