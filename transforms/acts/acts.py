"""Core tables to the table of acts (core_acts__acts): who has been heard of what, where and when.

Only Narwhals' lazy operations that Polars, DuckDB and Spark compute alike. The engine's session
must run in city time (Europe/Helsinki): a date is read from a moment by it.
"""

from dataclasses import dataclass
from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

OUTSIDE_DEPARTMENT = "ulkopuolinen"
OTHER_SERVICE = "muu"
NO_LANGUAGE = "und"
ACT_COLUMNS = (
    "act_id",
    "act_type_code",
    "source_code",
    "acted_on",
    "month_on",
    "service_id",
    "service_basis_code",
    "department_id",
    "is_forwarded",
    "area_code",
    "channel_code",
    "language_code",
    "kind_code",
    "sentiment_code",
    "is_service_unsure",
    "score_share",
    "text_id",
    "method_version",
)
_COMMON = (
    "act_id",
    "act_type_code",
    "source_code",
    "acted_on",
    "service_asked_id",
    "service_reported_id",
    "area_code",
    "channel_code",
    "language_asked_code",
    "score_share",
    "text_id",
)
_CHANNEL_MODES = ("web", "paper", "phone")  # survey modes that are channels as well
_REGISTER = "register"  # source of cases that no other source knows


@dataclass(frozen=True, slots=True)
class CoreTables:
    """What the acts are made of, each a Narwhals lazy frame of the core table of its name.

    ``register`` is core_initiatives__register, ``labels`` core_text__labels, ``services`` the code
    list with ``valid_to`` as a date and ``forwarded_to_service_id``.
    """

    tickets: Frame
    initiatives: Frame
    register: Frame
    ideas: Frame
    notes: Frame
    answers: Frame
    questions: Frame
    respondents: Frame
    waves: Frame
    labels: Frame
    services: Frame


def build_acts(core: CoreTables) -> Frame:
    """One row per act of a resident, columns ``ACT_COLUMNS``, in no order.

    An answer is one respondent's to one substantive question: the ticked options of a multiple
    choice are one act. A register case is an act only without an initiative of its own. Service by
    precedence: questionnaire, the source's category, the model, else ``muu``; then dated: a matter
    of a service that had left the city by the day (or by now, for an act without a day) belongs to
    the service that it is forwarded to. A text that says nothing has no kind and no sentiment.
    """
    parts = [
        _from_tickets(core.tickets),
        _from_initiatives(core.initiatives),
        _from_register(core.register),
        _from_ideas(core.ideas),
        _from_notes(core.notes),
        _from_answers(core),
    ]
    acts = nw.concat([part.select(*_COMMON) for part in parts], how="vertical")
    return _date_services(_add_labels(acts, core.labels), core.services).select(*ACT_COLUMNS)


def _from_tickets(tickets: Frame) -> Frame:
    return tickets.with_columns(
        _act_id("ticket", "ticket_id"),
        _text("ticket").alias("act_type_code"),
        nw.col("received_at").dt.date().alias("acted_on"),
        **_absent("service_asked_id", "language_asked_code"),
        score_share=_no_number(),
    )


def _from_initiatives(initiatives: Frame) -> Frame:
    return initiatives.with_columns(
        _act_id("initiative", "initiative_id"),
        _text("initiative").alias("act_type_code"),
        nw.col("published_on").alias("acted_on"),
        _text("web").alias("channel_code"),
        **_absent("service_asked_id", "language_asked_code", "area_code"),
        score_share=_no_number(),
    )


def _from_register(register: Frame) -> Frame:
    return register.filter(nw.col("initiative_id").is_null()).with_columns(
        _act_id("initiative", "register_number", prefix=_REGISTER),
        _text("initiative").alias("act_type_code"),
        _text(_REGISTER).alias("source_code"),
        nw.col("filed_on").alias("acted_on"),
        **_absent("service_asked_id", "service_reported_id", "language_asked_code", "area_code"),
        score_share=_no_number(),
    )


def _from_ideas(ideas: Frame) -> Frame:
    return ideas.with_columns(
        _act_id("idea", "idea_id"),
        _text("idea").alias("act_type_code"),
        nw.col("proposed_on").alias("acted_on"),
        **_absent("service_asked_id", "language_asked_code", "channel_code"),
        score_share=_no_number(),
    )


def _from_notes(notes: Frame) -> Frame:
    return notes.with_columns(
        _act_id("note", "note_id"),
        _text("note").alias("act_type_code"),
        nw.col("noted_on").alias("acted_on"),
        _text("staff").alias("channel_code"),
        **_absent("service_asked_id", "language_asked_code"),
        score_share=_no_number(),
    )


def _from_answers(core: CoreTables) -> Frame:
    """Valid answers that hold a number, a code or a text; one row per respondent and question."""
    is_answer = (nw.col("answer_kind_code") == "valid") & (
        ~nw.col("answer_num").is_null()
        | ~nw.col("answer_code").is_null()
        | ~nw.col("text_id").is_null()
    )
    answers = (
        core.answers.filter(is_answer)
        .group_by("survey_id", "wave_code", "respondent_id", "question_id")
        .agg(nw.col("answer_num").max(), nw.col("text_id").max())
    )
    return (
        answers.join(
            _questions_asked(core), on=["survey_id", "wave_code", "question_id"], how="inner"
        )
        .join(_who_answered(core), on="respondent_id", how="inner")
        .join(_channels(core), on=["survey_id", "wave_code"], how="left")
        .with_columns(
            nw.concat_str(
                _text("answer"), nw.col("respondent_id"), nw.col("question_id"), separator="|"
            ).alias("act_id"),
            _text("answer").alias("act_type_code"),
            _score_share().alias("score_share"),
            **_absent("service_reported_id"),
        )
    )


def _questions_asked(core: CoreTables) -> Frame:
    return core.questions.filter(nw.col("role_code") == "substantive").select(
        "survey_id",
        "wave_code",
        "question_id",
        "question_type_code",
        "scale_min",
        "scale_max",
        "is_scale_reversed",
        nw.col("service_id").alias("service_asked_id"),
    )


def _channels(core: CoreTables) -> Frame:
    return core.waves.select(
        "survey_id",
        "wave_code",
        nw.when(nw.col("mode_code").is_in(_CHANNEL_MODES))
        .then(nw.col("mode_code"))
        .otherwise(_text(None))
        .alias("channel_code"),
    )


def _who_answered(core: CoreTables) -> Frame:
    return core.respondents.select(
        "respondent_id",
        "source_code",
        nw.col("answered_at").dt.date().alias("acted_on"),
        "area_code",
        nw.col("language_code").alias("language_asked_code"),
    )


def _score_share() -> nw.Expr:
    """A scale answer between 0 and 1, 1 the best; null for other types and for empty scales."""
    is_nps = nw.col("question_type_code") == "nps"
    low = nw.coalesce(nw.col("scale_min"), nw.when(is_nps).then(nw.lit(0.0)))
    high = nw.coalesce(nw.col("scale_max"), nw.when(is_nps).then(nw.lit(10.0)))
    share = (nw.col("answer_num") - low) / (high - low)
    is_scale = (is_nps | (nw.col("question_type_code") == "scale")) & (high > low)
    turned = nw.when(nw.col("is_scale_reversed")).then(1.0 - share).otherwise(share)
    return nw.when(is_scale).then(turned).otherwise(_no_number())


def _add_labels(acts: Frame, labels: Frame) -> Frame:
    """Language, kind, sentiment and the service with its basis; not yet dated."""
    says = ~nw.coalesce(nw.col("is_uninformative"), nw.lit(value=True))
    is_asked = ~nw.col("service_asked_id").is_null()
    is_reported = ~nw.col("service_reported_id").is_null()
    language = nw.when(nw.col("language_model_code") != NO_LANGUAGE).then(
        nw.col("language_model_code")
    )
    basis = (
        nw.when(is_asked)
        .then(_text("questionnaire"))
        .otherwise(
            nw.when(is_reported)
            .then(_text("reported"))
            .otherwise(nw.when(says).then(_text("model")).otherwise(_text("none")))
        )
    )
    named = nw.coalesce(
        nw.col("service_asked_id"),
        nw.col("service_reported_id"),
        nw.when(says).then(nw.col("service_model_id")),
        _text(OTHER_SERVICE),
    )
    unsure = nw.coalesce(nw.col("is_model_unsure"), nw.lit(value=False))
    return acts.join(_by_model(labels), on="text_id", how="left").with_columns(
        named.alias("service_named_id"),
        basis.alias("service_basis_code"),
        (says & unsure & ~is_asked & ~is_reported).alias("is_service_unsure"),
        nw.coalesce(language, nw.col("language_asked_code"), _text(NO_LANGUAGE)).alias(
            "language_code"
        ),
        nw.when(says).then(nw.col("kind_model_code")).alias("kind_code"),
        nw.when(says).then(nw.col("sentiment_model_code")).alias("sentiment_code"),
        nw.col("acted_on").dt.truncate("1mo").cast(nw.Date).alias("month_on"),
    )


def _by_model(labels: Frame) -> Frame:
    return labels.select(
        "text_id",
        nw.col("language_code").alias("language_model_code"),
        nw.col("service_id").alias("service_model_id"),
        nw.col("is_service_unsure").alias("is_model_unsure"),
        nw.col("kind_code").alias("kind_model_code"),
        nw.col("sentiment_code").alias("sentiment_model_code"),
        "is_uninformative",
        "method_version",
    )


def _date_services(acts: Frame, services: Frame) -> Frame:
    """The service in force on the day, its department, and whether that is outside the city."""
    of_named = services.select(
        nw.col("service_id").alias("service_named_id"), "valid_to", "forwarded_to_service_id"
    )
    of_day = services.select("service_id", "department_id")
    has_left = ~nw.col("valid_to").is_null() & (
        nw.col("acted_on").is_null() | (nw.col("acted_on") > nw.col("valid_to"))
    )
    in_force = nw.coalesce(
        nw.when(has_left).then(nw.col("forwarded_to_service_id")), nw.col("service_named_id")
    )
    return (
        acts.join(of_named, on="service_named_id", how="left")
        .with_columns(in_force.alias("service_id"))
        .join(of_day, on="service_id", how="left")
        .with_columns((nw.col("department_id") == OUTSIDE_DEPARTMENT).alias("is_forwarded"))
    )


def _act_id(act_type: str, key: str, *, prefix: str | None = None) -> nw.Expr:
    pieces = [_text(piece) for piece in (act_type, prefix) if piece]
    return nw.concat_str(*pieces, nw.col(key), separator="|").alias("act_id")


def _text(value: str | None) -> nw.Expr:
    return nw.lit(value, dtype=nw.String)


def _no_number() -> nw.Expr:
    return nw.lit(None, dtype=nw.Float64)


def _absent(*names: str) -> dict[str, nw.Expr]:
    return {name: _text(None) for name in names}
