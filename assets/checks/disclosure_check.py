"""The blocking check before anything leaves: what all public tables tell together."""

import dagster as dg
import polars as pl

from assets.checks.verdicts import Verdict, Verdicts
from assets.house import House
from assets.public.publishing import is_of
from assets.public.tables import (
    LEDGER,
    PUBLIC_LEDGER,
    disclosed_names,
    last_publication,
    open_marts,
    thresholds_of,
)
from assets.public.told import told_before
from assets.store import fingerprint_of
from assets.versions import code_version
from data_contracts.contract import load_codes
from transforms.privacy.audit import audit_tables
from transforms.privacy.ledger import TOLD_BEFORE

CHECK = "nothing_withheld_can_be_told"
_SHOWN = 10


def build_disclosure_check() -> dg.AssetChecksDefinition:
    """The check, on the ledger: it is made when all public tables are."""

    @dg.asset_check(
        asset=PUBLIC_LEDGER,
        name=CHECK,
        blocking=True,
        description=(
            "An attacker's linear programme over all public tables together, and over all earlier "
            "publications and this one: no small count may be told within fewer values than the "
            "threshold, and no figure may be yesterday's and a few. What an earlier publication "
            "gave away by itself is counted (n_told_before) and stops nothing."
        ),
        required_resource_keys={"house"},
    )
    def nothing_withheld_can_be_told(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        house: House = context.resources.house
        verdict, is_earlier = audit_house(house)
        told = house.store.read(LEDGER).filter(reason_code=TOLD_BEFORE)
        return dg.AssetCheckResult(
            passed=verdict.passed,
            metadata={
                "leaks": verdict.broken,
                "n_cells": verdict.n_expectations,
                "is_earlier_verdict": is_earlier,
                "n_told_before": told.height,
            },
        )

    return nothing_withheld_can_be_told


def audit_house(house: House) -> tuple[Verdict, bool]:
    """The verdict on what would be published, and whether it is an earlier one still in force."""
    verdicts = Verdicts(house.folders.quality / "disclosure")
    tables = house.store.sha256_of(disclosed_names())
    content = fingerprint_of({"tables": tables, "thresholds": house.settings.disclosure})
    before = house.folders.current.resolve() if house.folders.current.exists() else None
    suite = f"{code_version()} after {before.name if before else 'none'}"
    earlier = verdicts.find(CHECK)
    if earlier and earlier.passed and earlier.sha256 == content:
        is_same_code = earlier.suite.startswith(f"{code_version()} ")
        # A publication of just these tables is not before them: it tells what they tell.
        if earlier.suite == suite or (is_same_code and before and is_of(before, tables)):
            return earlier, True
    leaks = audit_tables(
        {name: house.store.read(name) for name in disclosed_names()},
        open_marts(house),
        as_of=house.as_of,
        thresholds=thresholds_of(house),
        services=load_codes()["services"],
        previous=last_publication(house),
        earlier=told_before(house),
    )
    n_cells = house.store.read(PUBLIC_LEDGER).height
    verdict = Verdict(CHECK, content, suite, leaks.is_empty(), n_cells, sentences(leaks))
    verdicts.keep(verdict)
    return verdict, False


def sentences(leaks: pl.DataFrame) -> list[str]:
    """What was found, where, and what to do; keys of cells, never values."""
    if leaks.is_empty():
        return []
    told = [
        f"{code}: {table}, column '{column}', cell {key}"
        for table, key, column, code in leaks.head(_SHOWN).iter_rows()
    ]
    found = (
        f"The public tables give {leaks.height} counts away, expected none. Nothing is published "
        "and the last publication stays. See docs/methods/disclosure.md, 'When the audit stops "
        "the night'."
    )
    return [found, *told]
