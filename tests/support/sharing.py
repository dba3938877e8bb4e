"""How two test processes share the work: file by file, whole runs of the job one by one and first.

A file stays together, since its tests share what its fixtures made. The tests of acceptance that
run the job again share nothing but the finished city, which the processes make once: each goes to
whoever is free. What takes long begins early, so that no process waits for another at the end.
"""

from collections.abc import Sequence

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

#: Where the order begins: the finished city in one process while the other drives a browser.
_ORDER = (
    "tests/acceptance/test_figures_of_the_tiny_city.py",
    "tests/browser/",
    "tests/acceptance/",
    "tests/integration/",
    "tests/methods/",
    "tests/architecture/",
)
#: Files of acceptance whose tests look at one run.
_TOGETHER = ("test_figures_", "test_what_is_published", "test_odd_deliveries")


def long_ones_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests by how long their kind takes; within a kind in the order that they came in."""
    return sorted(items, key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    found = [place for place, start in enumerate(_ORDER) if nodeid.startswith(start)]
    return found[0] if found else len(_ORDER)


class Sharing(LoadFileScheduling):
    """Hands out files in the order of collection, and runs of the job one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder, _, name = file.rpartition("/")
        is_alone = folder.endswith("acceptance") and not name.startswith(_TOGETHER)
        return nodeid if is_alone else file
