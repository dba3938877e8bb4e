"""The text stage: models trained from examples, and labels of every distinct masked text."""

import time
from collections.abc import Iterator
from functools import partial

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.engine import EmbeddedEngine
from assets.house import House
from assets.keeping import keep_tables
from assets.store import fingerprint_of
from assets.text_files import TextFiles
from assets.versions import text_version
from data_contracts.contract import load_contracts
from data_contracts.labelled import read_examples, read_lexicon
from transforms.text.label import label_texts
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import TextModels
from transforms.text.tokens import tokenize_texts
from transforms.text.training import fit_models

LABELS = "core_text__labels"
MODELS = "core_text__models"
TEXT_TABLES = (
    "core_feedback__tickets",
    "core_initiatives__initiatives",
    "core_initiatives__register",
    "core_ideas__ideas",
    "core_notes__notes",
    "core_surveys__answers",
)
_SEED = 2026
#: The city's own labels count anew when they have grown by a tenth: a nightly run that brings a
#: handful of tickets keeps its models, and so its cached labels.
_GROWTH = 1.1


@dg.asset(
    name=MODELS,
    deps=["core_feedback__tickets"],
    group_name="core_text",
    owners=["team:tietojohtaminen"],
    kinds={"scikitlearn"},
    tags={"layer": "core", "domain": "text"},
    required_resource_keys={"house"},
    description=(
        "Models of service, kind, sentiment and language, trained from the labelled examples and "
        "the city's own categorised tickets; trained again when either has changed enough."
    ),
)
def core_text__models(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Train when examples, program or the city's own labels have changed enough; else keep."""
    house: House = context.resources.house
    files = TextFiles(house.folders.models)
    began = time.perf_counter()
    city_labels = own_labels(house)
    basis = training_basis()
    trained_on = files.basis()
    if is_due(trained_on, basis, city_labels.height):
        models = train(files, city_labels)
        files.write_basis({"basis": basis, "n_city_labels": city_labels.height})
    else:
        models = files.models()
    return dg.MaterializeResult(
        metadata={
            "method_version": models.method_version,
            "n_city_labels": city_labels.height,
            "duration_s": round(time.perf_counter() - began, 3),
        },
        data_version=dg.DataVersion(models.method_version),
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
    yield from keep_tables(
        house,
        (LABELS,),
        inputs=TEXT_TABLES,
        compute=lambda: {LABELS: label(house, files, models)},
        settings={"method_version": models.method_version},
    )


def own_labels(house: House) -> pl.DataFrame:
    """Texts whose service the city's own system names."""
    tickets = house.store.read("core_feedback__tickets")
    named = tickets.filter(pl.col("service_reported_id").is_not_null(), pl.col("text") != "")
    return (
        named.select("text", service_id="service_reported_id").unique().sort("text", "service_id")
    )


def training_basis() -> str:
    """Hash of what the models stand on besides the city's labels."""
    examples = read_examples()
    content = examples.write_csv() + read_lexicon().write_csv()
    return fingerprint_of({"examples": fingerprint_of({"csv": content}), "code": text_version()})


def is_due(trained_on: dict[str, object] | None, basis: str, n_city_labels: int) -> bool:
    """Whether models must be trained again."""
    if trained_on is None or trained_on["basis"] != basis:
        return True
    earlier = int(str(trained_on["n_city_labels"]))
    return n_city_labels > max(earlier, 1) * _GROWTH or n_city_labels < earlier / _GROWTH


def train(files: TextFiles, city_labels: pl.DataFrame) -> TextModels:
    """Fit and keep models; the type table grows by the tokens of every text at hand."""
    examples, lexicon = read_examples(), read_lexicon()
    texts = pl.concat([examples["text"], lexicon["term"], city_labels["text"]])
    tokens = tokenize_texts(texts)["token"]
    types = extend_type_table(files.types(), tokens, analyse=find_analyser())
    models = fit_models(
        examples,
        city_labels if city_labels.height else None,
        types,
        lexicon=lexicon,
        seed=_SEED,
    )
    files.write_types(types)
    files.write_models(models)
    return models


def label(house: House, files: TextFiles, models: TextModels) -> pl.DataFrame:
    """Labels in force: kept ones of the same method, and new ones for new texts."""
    texts = distinct_texts(house)
    kept = kept_labels(house, models.method_version)
    known = texts.join(kept, on="text_id", how="semi").select("text_id")
    fresh = texts.join(known, on="text_id", how="anti").sort("text_id")
    types = files.types()
    grown = extend_type_table(
        types, tokenize_texts(fresh["text"])["token"], analyse=find_analyser()
    )
    if grown.height > types.height:
        files.write_types(grown)
    engine = EmbeddedEngine(n_processes=house.settings.n_processes)
    apply = partial(label_texts, models=models, type_table=grown)
    labelled = pl.from_arrow(engine.map_batches(fresh.to_arrow(), apply))
    schema = load_contracts()[LABELS].schema
    new = pl.DataFrame(labelled).select(list(schema)).cast(schema)
    old = kept.join(texts, on="text_id", how="semi").select(list(schema))
    return pl.concat([old, new]).sort("text_id")


def distinct_texts(house: House) -> pl.DataFrame:
    """Every distinct masked text of every table that has one: ``text_id``, ``text``."""
    parts = []
    for name in TEXT_TABLES:
        frame = house.store.read(name)
        text = "text" if "text" in frame.columns else "title"
        parts.append(frame.select("text_id", pl.col(text).alias("text")).drop_nulls())
    return pl.concat(parts).unique("text_id", keep="any").sort("text_id")


def kept_labels(house: House, method_version: str) -> pl.DataFrame:
    """Labels that an earlier run gave with the very same models."""
    if house.store.manifest(LABELS) is None:
        return pl.DataFrame(schema=load_contracts()[LABELS].schema)
    return house.store.read(LABELS).filter(pl.col("method_version") == method_version)
