"""A fast, seeded source of scalar draws over a numpy generator; nothing here knows the city."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeVar

import numpy as np

T = TypeVar("T")
POOL_SIZE = 16_384


class Chance:
    """Scalar random draws, buffered so that a draw costs no numpy call.

    Two instances made with the same seed and stream give the same draws in the same order.
    """

    def __init__(self, seed: int, *, stream: int) -> None:
        self.rng = np.random.default_rng([seed, stream])
        self._draws = chain.from_iterable(self._pools())

    def unit(self) -> float:
        """A draw from [0, 1)."""
        return next(self._draws)

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return int(next(self._draws) * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def yes(self, share: float) -> bool:
        """True with the given probability."""
        return next(self._draws) < share

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        return options[int(next(self._draws) * len(options))]

    def weighted(self, options: Sequence[T], cumulative: Sequence[float]) -> T:
        """One of the options by cumulative weights that end at any positive total."""
        target = self.unit() * cumulative[-1]
        for option, edge in zip(options, cumulative, strict=True):
            if target < edge:
                return option
        return options[-1]

    def lognormal(self, median: float, sigma: float) -> float:
        """A log-normal draw given by its median and the spread of its logarithm."""
        first = max(self.unit(), 1e-12)
        normal = (-2.0 * np.log(first)) ** 0.5 * np.cos(2.0 * np.pi * self.unit())
        return float(median * np.exp(sigma * normal))

    def _pools(self) -> Iterator[list[float]]:
        """Draws by the poolful, each drawn when the one before is used up."""
        while True:
            yield self.rng.random(POOL_SIZE).tolist()


def accumulate(weights: Sequence[float]) -> list[float]:
    """Running sums of the weights, for ``Chance.weighted``."""
    sums: list[float] = np.cumsum(np.asarray(weights, dtype=float)).tolist()
    return sums


def guids(rng: np.random.Generator, n: int) -> list[str]:
    """Identifiers in GUID form, seeded."""
    text = rng.bytes(16 * n).hex()
    return [
        f"{text[i : i + 8]}-{text[i + 8 : i + 12]}-4{text[i + 13 : i + 16]}"
        f"-a{text[i + 17 : i + 20]}-{text[i + 20 : i + 32]}"
        for i in range(0, 32 * n, 32)
    ]
