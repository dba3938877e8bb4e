"""Everything that is told of a text: personal data masked first, then labels, places and the date.

Here the rooms of privacy and text meet for the command line as they do for the nightly tables.
Files belong to text_tables and text_outputs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from assets.errors import TextTableError
from data_contracts.place_lists import read_place_cues, read_places
from transforms.privacy.mask import mask_texts_with_spans
from transforms.text.forwarding import Leaving, date_services
from transforms.text.gazetteer import Gazetteer, compile_gazetteer
from transforms.text.label import label_texts
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import TextModels
from transforms.text.places import find_places
from transforms.text.score_table import ScoreTable, extend_score_table
from transforms.text.tokens import tokenize_texts

COLUMNS = (
    "id",
    "service_id",
    "service_p",
    "service_2",
    "kind",
    "sentiment",
    "language",
    "topics",
    "groups",
    "places",
    "masked_text",
    "pii",
    "method_version",
)
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")
# A fragment of so few words is read together with the question that it answers.
_FEW_WORDS = 12
# So many word forms are kept between batches; rarer ones are analysed again where they come.
_MOST_KEPT = 250_000


@dataclass
class Classifier:
    """Fitted models and the tables that make them quick; the tables grow with the texts seen.

    A row's answer depends neither on other rows nor on what was seen before.

    Attributes:
        models: As the nightly run has them.
        types: Word forms with their lemmas.
        scores: Word forms with their scores by the models.
        leavings: Services that have left the city.
    """

    models: TextModels
    types: pl.DataFrame
    scores: ScoreTable
    leavings: Mapping[str, Leaving] = field(default_factory=dict)

    def classify(self, texts: pl.DataFrame) -> pl.DataFrame:
        """``COLUMNS`` for rows of ``id``, ``text``, ``received_on`` and ``question`` (all strings).

        ``service_id`` is the likeliest service with its calibrated probability, ``service_2`` the
        runner-up; the nightly run takes what is less probable than its threshold for ``muu``. A
        service that has left the city by ``received_on`` is another authority's; without a date a
        text keeps its subject. Lists are joined by ``;``, null when empty. ``pii`` is a JSON list
        of spans in code points of the given text.

        Raises:
            TextTableError: If a date cannot be read.
        """
        received_on = _dates(texts["received_on"])
        masked = mask_texts_with_spans(texts["text"].fill_null(""))
        self._learn_words(pl.concat([masked["text"], texts["question"].drop_nulls().unique()]))
        labels = self._with_questions(masked["text"], texts["question"])
        service = _dated(labels["service_id"], received_on, self.leavings)
        second = _dated(labels["service_2_id"], received_on, self.leavings)
        return labels.select(
            texts["id"],
            service.alias("service_id"),
            pl.col("service_p").round(4),
            # Two services that have both left are one and the same now.
            service_2=pl.when(second != service).then(second),
            kind="kind_code",
            sentiment="sentiment_code",
            language="language_code",
            topics="topics",
            groups="groups",
            places=find_places(masked["text"], self._gazetteer),
            masked_text=masked["text"],
            pii=_as_json(masked["spans"]),
            method_version="method_version",
        )

    def masked(self, text: str) -> str:
        """One text without its personal data."""
        return str(mask_texts_with_spans(pl.Series([text]))["text"][0])

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return compile_gazetteer(read_places(), read_place_cues())

    @cached_property
    def _decided(self) -> TextModels:
        """Models that never abstain: the probability is told instead."""
        return replace(self.models, service_threshold=0.0)

    def _learn_words(self, texts: pl.Series) -> None:
        if self.types.height > _MOST_KEPT:
            return
        tokens = tokenize_texts(texts)["token"].unique()
        self.types = extend_type_table(self.types, tokens, analyse=find_analyser())
        self.scores = extend_score_table(self.scores, tokens, self.models, self.types)

    def _label(self, texts: pl.Series) -> pl.DataFrame:
        ids = pl.int_range(len(texts), eager=True).cast(pl.String)
        table = pl.DataFrame({"text_id": ids, "text": texts}).to_arrow().combine_chunks()
        batches = [
            label_texts(batch, self._decided, self.types, self.scores)
            for batch in table.to_batches()
        ]
        return pl.concat([pl.DataFrame(batch) for batch in batches])

    def _with_questions(self, texts: pl.Series, questions: pl.Series) -> pl.DataFrame:
        """Labels; the service and topics of a fragment are those of its question and it together.

        What is wanted and how it sounds stands in the answer alone.
        """
        labels = self._label(texts).with_row_index("row")
        is_fragment = (
            questions.is_not_null() & (labels["n_words"] < _FEW_WORDS) & ~labels["is_uninformative"]
        )
        if not is_fragment.any():
            return labels
        rows = labels.filter(is_fragment).select("row")
        both = questions.filter(is_fragment) + "\n" + texts.filter(is_fragment)
        named = ("service_id", "service_p", "service_2_id", "topics", "groups")
        found = pl.concat([rows, self._label(both).select(named)], how="horizontal")
        return labels.update(found, on="row", how="left")


def _dates(written: pl.Series) -> pl.Series:
    """Days as dates; null stays null."""
    plain = written.str.strip_chars().str.slice(0, 10)
    tried = [plain.str.to_date(form, strict=False) for form in _DATE_FORMATS]
    dates = pl.select(pl.coalesce(tried)).to_series()
    is_given = plain.fill_null("") != ""
    if (wrong := is_given & dates.is_null()).any():
        raise TextTableError(
            f"{int(wrong.sum())} rows have a received_on that is no date, expected 2026-11-21 or "
            "21.11.2026. Mend them, or leave the cells empty."
        )
    return dates


def _dated(
    services: pl.Series, received_on: pl.Series, leavings: Mapping[str, Leaving]
) -> pl.Series:
    frame = pl.DataFrame({"is_dated": received_on.is_not_null(), "named": services})
    dated = date_services(services, received_on, leavings).alias("dated")
    return (
        frame.with_columns(dated)
        .select(pl.when("is_dated").then("dated").otherwise("named"))
        .to_series()
    )


def _as_json(spans: pl.Series) -> pl.Series:
    """Lists of spans as JSON; few texts have any."""
    return pl.Series(
        "pii", [json.dumps(found) if found else "[]" for found in spans.to_list()], dtype=pl.String
    )
