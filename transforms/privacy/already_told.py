"""What earlier publications gave away by themselves: it stops nothing, and no more may be added.

Nothing withheld today takes back what was told: by a lower threshold, a wider open form, a plan
that forgot a sum. A small count is *already told* when its feasible interval, given the earlier
publications alone, is narrower than its span. It is asked of two attackers. The one of the rules
knows every nought, also one that was never printed. The newcomer knows of noughts only what is
printed. What is told to the first and not to the second would be told to the second by noughts
that are printed for the first time: these are withheld then (``hide_new_noughts``).
"""

from dataclasses import replace

import numpy as np

from transforms.privacy.feasible import (
    certainly_narrow,
    find_bounds,
    is_narrow,
    is_small,
    view_of,
)
from transforms.privacy.propagation import View
from transforms.privacy.system import Bools, System


def newcomer_view(system: System, shown: Bools) -> View:
    """What somebody does not know who knows no nought but the printed ones."""
    return View(system.is_rest | ~shown, np.zeros_like(system.value))


def without_told(system: System, told: Bools, among: Bools, *, surely: bool) -> System:
    """The system without a claim to small counts that earlier publications gave away.

    Args:
        system: Cells; a count whose span is nought claims nothing.
        told: Cells that earlier publications printed as they are.
        among: Counts that are looked at.
        surely: Whether each is asked by linear programmes too; otherwise only what single
            equations tell is found.
    """
    if not told.any():
        return system
    asked = replace(system, span=np.where(among, system.span, 0))
    known = told | system.is_exempt
    if surely:
        found = is_narrow(asked, find_bounds(asked, known))
    else:
        found = certainly_narrow(asked, view_of(asked, known))
    return replace(system, span=np.where(found, 0, system.span))


def told_by_noughts(system: System, guarded: System, told: Bools) -> System:
    """The system with a claim only to counts already told to who knows all noughts, not to others.

    Args:
        system: Cells.
        guarded: The same without a claim to counts that are already told.
        told: Cells that earlier publications printed as they are.
    """
    lost = is_small(system) & (guarded.span == 0) & (system.span > 0)
    asked = replace(system, span=np.where(lost, system.span, 0))
    if not lost.any():
        return asked
    view = newcomer_view(system, told | system.is_exempt)
    by_all = is_narrow(asked, find_bounds(asked, told, view=view))
    return replace(asked, span=np.where(by_all, 0, asked.span))


def given_by_noughts(doubtful: System, shown: Bools) -> Bools:
    """Counts of ``told_by_noughts`` that a newcomer can tell when some cells are shown."""
    if not doubtful.span.any():
        return np.zeros(doubtful.value.size, dtype=bool)
    view = newcomer_view(doubtful, shown)
    return is_narrow(doubtful, find_bounds(doubtful, shown, view=view))


def hide_new_noughts(doubtful: System, withheld: Bools, told: Bools) -> Bools:
    """Withhold noughts that are printed for the first time where they would give a count away.

    Ring by ring of equations round each such count. In the end nothing is printed there that was
    not printed before, and so nothing told that was not told.
    """
    is_new = ~doubtful.is_rest & ~doubtful.is_exempt & ~doubtful.is_kept & ~told
    near = np.zeros_like(withheld)
    found = withheld
    while True:
        given = given_by_noughts(doubtful, told | ~found)
        if not given.any():
            return found
        reached = given | near
        touched = np.zeros(doubtful.n_equations, dtype=bool)
        touched[doubtful.equation[reached[doubtful.cell]]] = True
        near = reached.copy()
        near[doubtful.cell[touched[doubtful.equation]]] = True
        if (near == reached).all():
            return found | (near & is_new)
        found = found | (near & is_new & (doubtful.value == 0))
