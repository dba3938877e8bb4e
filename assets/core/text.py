"""The text stage: models trained from examples, and labels of every distinct masked text."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import dagster as dg
import polars as pl

from assets.core.corrections import Corrections, corrections_in_force, tell_left_out
from assets.core.joining import LABELS, PARTS
from assets.core.texts import TEXT_TABLES, distinct_texts, own_labels
from assets.described import spec_of
from assets.engine import EmbeddedEngine
from assets.house import House
from assets.keeping import keep_tables
from assets.store import fingerprint_of
from assets.text_files import TextFiles
from assets.text_promotion import figures_of
from assets.text_training import agreement_before, bring_up_to_date
from assets.versions import text_version
from data_contracts.contract import load_contracts
from data_contracts.place_lists import read_place_cues, read_places
from transforms.text.corrected import apply_corrections
from transforms.text.gazetteer import compile_gazetteer
from transforms.text.label import label_texts
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import TextModels
from transforms.text.places import find_places
from transforms.text.score_table import extend_score_table
from transforms.text.tokens import tokenize_texts

MODELS = "core_text__models"


@dg.asset(
    name=MODELS,
    deps=sorted({*TEXT_TABLES, *PARTS.values()}),
    group_name="core_text",
    owners=["team:tietojohtaminen"],
    kinds={"numpy"},
    tags={"layer": "core", "domain": "text"},
    required_resource_keys={"house"},
    description=(
        "Models of service, kind, sentiment, topics, groups and language, trained from the "
        "labelled examples, the city's own categorised tickets and analysts' corrections; trained "
        "again when any has changed enough, promoted when not worse on the frozen examples."
    ),
)
def core_text__models(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Train when examples, program, own labels or corrections have changed enough; else keep."""
    house: House = context.resources.house
    metadata = keep_models(house)
    return dg.MaterializeResult(
        metadata=metadata, data_version=dg.DataVersion(metadata["method_version"])
    )


@dg.multi_asset(
    name=LABELS,
    specs=[spec_of(LABELS, deps=(MODELS, *TEXT_TABLES))],
    required_resource_keys={"house"},
)
def core_text__labels(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Labels of every distinct masked text; texts that have them from these models keep them."""
    house: House = context.resources.house
    files = TextFiles(house.folders.models)
    models = files.models()
    corrections = corrections_in_force(house)
    yield from keep_tables(
        house,
        (LABELS,),
        inputs=TEXT_TABLES,
        compute=lambda: {LABELS: label(house, files, models, corrections)},
        settings={
            "method_version": models.method_version,
            "corrections": corrections.fingerprint,
            "gazetteer": gazetteer_version(),
        },
    )


def keep_models(house: House) -> dict[str, Any]:
    """Bring the models up to date with what the house knows; gives what the asset shows."""
    began = time.perf_counter()
    files = TextFiles(house.folders.models)
    corrections = corrections_in_force(house)
    tell_left_out(house, corrections)
    agreement = agreement_before(files, corrections)
    city_labels = own_labels(house)
    models = bring_up_to_date(files, city_labels, corrections)
    return {
        "method_version": models.method_version,
        "n_city_labels": city_labels.height,
        **figures_of(files, agreement, corrections),
        "duration_s": round(time.perf_counter() - began, 3),
    }


def label(
    house: House, files: TextFiles, models: TextModels, corrections: Corrections
) -> pl.DataFrame:
    """Labels in force: kept ones of the same method, new ones for new texts, and corrections."""
    texts = distinct_texts(house)
    kept = kept_labels(house, models.method_version).join(
        corrections.frame, on="text_id", how="anti"
    )
    known = texts.join(kept, on="text_id", how="semi").select("text_id")
    fresh = texts.join(known, on="text_id", how="anti").sort("text_id")
    types = files.types()
    tokens = tokenize_texts(fresh["text"])["token"].unique()
    grown = extend_type_table(types, tokens, analyse=find_analyser())
    if grown.height > types.height:
        files.write_types(grown)
    scores = files.scores(models)
    scored = extend_score_table(scores, tokens, models, grown)
    if scored.tokens.height > scores.tokens.height:
        files.write_scores(scored)
    engine = EmbeddedEngine(n_processes=house.settings.n_processes)
    apply = partial(label_texts, models=models, type_table=grown, scores=scored)
    labelled = pl.from_arrow(engine.map_batches(fresh.to_arrow(), apply))
    schema = load_contracts()[LABELS].schema
    kept_schema = [name for name in schema if name != "places"]
    corrected = apply_corrections(pl.DataFrame(labelled), corrections.frame)
    new = corrected.select(kept_schema)
    old = kept.join(texts, on="text_id", how="semi").select(kept_schema)
    labels = pl.concat([old, new]).join(places_in(texts, files), on="text_id", validate="1:1")
    return labels.select(list(schema)).cast(schema).sort("text_id")


def places_in(texts: pl.DataFrame, files: TextFiles) -> pl.DataFrame:
    """``text_id`` and ``places`` of each text, looked for in texts that are new only.

    Another list of places, other cue words or another program find them all anew.
    """
    version = gazetteer_version()
    kept = files.places(version)
    known = kept.join(texts, on="text_id", how="semi")
    fresh = texts.join(known, on="text_id", how="anti")
    if fresh.is_empty() and known.height == kept.height:
        return known
    gazetteer = compile_gazetteer(read_places(), read_place_cues())
    found = fresh.select("text_id", places=find_places(fresh["text"], gazetteer))
    places = pl.concat([known, found])
    files.write_places(places, version)
    return places


def gazetteer_version() -> str:
    """Hash of the places, of the words that tell them from their homonyms, and of the program."""
    lists = read_places().write_csv() + read_place_cues().write_csv()
    return fingerprint_of({"csv": lists, "program": text_version()})


def kept_labels(house: House, method_version: str) -> pl.DataFrame:
    """Labels that an earlier run gave with the very same models, without corrected ones."""
    manifest, contract = house.store.manifest(LABELS), load_contracts()[LABELS]
    if manifest is None or manifest.contract_version != contract.version:
        return pl.DataFrame(schema=contract.schema)
    is_same = pl.col("method_version") == method_version
    return house.store.read(LABELS).filter(is_same, ~pl.col("is_corrected"))
