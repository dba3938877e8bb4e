"""The table of acts and its cubes on a hand-written city, on Polars and on DuckDB alike."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from transforms.acts.acts import ACT_COLUMNS, CoreTables, build_acts
from transforms.acts.cubes import count_acts, last_whole_months

_ZONE = "Europe/Helsinki"
_AS_OF = date(2024, 2, 29)
_CUBE_KEYS = [
    "dimension_code",
    "dimension_value",
    "period_kind_code",
    "period_start_on",
    "act_type_code",
]


def _city_times(*moments: datetime) -> pl.Series:
    return pl.Series(moments, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(_ZONE)


def _rows(schema: dict[str, Any], *rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


_S, _D, _F, _B = pl.String, pl.Date, pl.Float64, pl.Boolean


def _tickets() -> pl.DataFrame:
    names = [
        "ticket_id",
        "source_code",
        "channel_code",
        "service_reported_id",
        "text_id",
        "area_code",
    ]
    return _rows(
        dict.fromkeys(names, _S),
        ("t1", "geo", "web", "terveys", "x1", "nurmo"),
        ("t2", "geo", "app", "terveys", "x2", None),
        ("t3", "geo", None, None, "x3", None),
    ).with_columns(
        received_at=_city_times(
            datetime(2022, 12, 31, 21, 59, tzinfo=UTC),  # 23.59 in the city: the last day
            datetime(2022, 12, 31, 22, 30, tzinfo=UTC),  # 0.30 of the new year
            datetime(2024, 2, 1, 8, tzinfo=UTC),
        )
    )


def _surveys() -> dict[str, pl.DataFrame]:
    wave = {"survey_id": _S, "wave_code": _S}
    answers = wave | {
        "respondent_id": _S,
        "question_id": _S,
        "item_code": _S,
        "answer_kind_code": _S,
        "answer_num": _F,
        "answer_code": _S,
        "text_id": _S,
    }
    questions = wave | {
        "question_id": _S,
        "question_type_code": _S,
        "role_code": _S,
        "scale_min": _F,
        "scale_max": _F,
        "is_scale_reversed": _B,
        "service_id": _S,
    }
    return {
        "answers": _rows(
            answers,
            ("s", "1", "r1", "scale", "", "valid", 4.0, None, None),
            ("s", "1", "r1", "multi", "1", "valid", None, "1", None),
            ("s", "1", "r1", "multi", "2", "valid", None, "2", None),
            ("s", "1", "r1", "open", "", "valid", None, None, "x5"),
            ("s", "1", "r1", "age", "", "valid", 30.0, None, None),
            ("s", "1", "r1", "nps", "", "dont_know", None, None, None),
            ("s", "1", "r2", "nps", "", "valid", 9.0, None, None),
        ),
        "questions": _rows(
            questions,
            ("s", "1", "scale", "scale", "substantive", 1.0, 5.0, True, "museo"),
            ("s", "1", "multi", "multi_item", "substantive", None, None, False, None),
            ("s", "1", "open", "text", "substantive", None, None, False, None),
            ("s", "1", "age", "number", "background", None, None, False, None),
            ("s", "1", "nps", "nps", "substantive", None, None, False, "museo"),
        ),
        "respondents": _rows(
            {"respondent_id": _S, "source_code": _S, "area_code": _S, "language_code": _S},
            ("r1", "webropol", None, "sv"),
            ("r2", "webropol", "nurmo", None),
        ).with_columns(
            answered_at=_city_times(datetime(2024, 2, 10, 10, tzinfo=UTC), None)  # type: ignore[arg-type]  # an absent time
        ),
        "waves": _rows(wave | {"mode_code": _S}, ("s", "1", "web")),
    }


def _city() -> dict[str, pl.DataFrame]:
    labels = {
        "text_id": _S,
        "language_code": _S,
        "service_id": _S,
        "is_service_unsure": _B,
        "kind_code": _S,
        "sentiment_code": _S,
        "is_uninformative": _B,
        "method_version": _S,
    }
    services = {
        "service_id": _S,
        "department_id": _S,
        "valid_to": _D,
        "forwarded_to_service_id": _S,
    }
    reported = {"source_code": _S, "service_reported_id": _S, "text_id": _S}
    return _surveys() | {
        "tickets": _tickets(),
        "initiatives": _rows(
            {"initiative_id": _S, "published_on": _D} | reported,
            ("k-1", date(2024, 1, 5), "k", None, "x3"),
        ),
        "register": _rows(
            {
                "register_number": _S,
                "initiative_id": _S,
                "channel_code": _S,
                "filed_on": _D,
                "text_id": _S,
            },
            ("D/1", None, "paper", date(2024, 1, 9), "x4"),
            ("D/2", "k-1", "web", date(2024, 1, 9), "x3"),
        ),
        "ideas": _rows(
            {"idea_id": _S, "proposed_on": _D, "area_code": _S} | reported,
            ("i1", None, "nurmo", "o", None, "x4"),
        ),
        "notes": _rows(
            {"note_id": _S, "noted_on": _D, "area_code": _S} | reported,
            ("n1", date(2024, 2, 3), None, "s", "kirjasto", "x1"),
            ("n2", date(2024, 3, 1), None, "s", "kirjasto", "x1"),
        ),
        "labels": _rows(
            labels,
            ("x1", "fi", "kadut", False, "vika", "neutraali", False, "m"),
            ("x2", "fi", "kadut", False, "moite", "negatiivinen", False, "m"),
            ("x3", "en", "muu", True, "ehdotus", "positiivinen", False, "m"),
            ("x4", "fi", "vanhus", False, "kysymys", "neutraali", False, "m"),
            ("x5", "und", "muu", False, "kysymys", "neutraali", True, "m"),
        ),
        "services": _rows(
            services,
            ("kadut", "kaupunkiymparisto", None, None),
            ("kirjasto", "sivistys_hyvinvointi", None, None),
            ("museo", "sivistys_hyvinvointi", None, None),
            ("terveys", "sosiaali_terveys", date(2022, 12, 31), "ei_kaupunki"),
            ("vanhus", "sosiaali_terveys", date(2022, 12, 31), "ei_kaupunki"),
            ("ei_kaupunki", "ulkopuolinen", None, None),
            ("muu", "konserni", None, None),
        ),
    }


@pytest.fixture(params=["polars", "duckdb"])
def core(request: pytest.FixtureRequest) -> Iterator[CoreTables]:
    if request.param == "polars":
        yield CoreTables(**{n: nw.from_native(f.lazy()) for n, f in _city().items()})
        return
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = '{_ZONE}'")
        for name, frame in _city().items():
            connection.register(name, frame.to_arrow())
        yield CoreTables(**{n: nw.from_native(connection.table(n)) for n in _city()})


def _collect(frame: nw.LazyFrame[Any], *, by: list[str]) -> pl.DataFrame:
    return pl.DataFrame(frame.collect("pyarrow").to_native()).sort(by)


def _acts(core: CoreTables) -> pl.DataFrame:
    return _collect(build_acts(core), by=["act_id"])


def _act(core: CoreTables, act_id: str) -> dict[str, object]:
    return _acts(core).row(by_predicate=pl.col("act_id") == act_id, named=True)


def test_every_act_is_one_row_with_the_columns_of_the_contract(core: CoreTables) -> None:
    acts = _acts(core)

    assert tuple(acts.columns) == ACT_COLUMNS
    assert acts["act_id"].to_list() == [
        "answer|r1|multi",
        "answer|r1|open",
        "answer|r1|scale",
        "answer|r2|nps",
        "idea|i1",
        "initiative|k-1",
        "initiative|register|D/1",
        "note|n1",
        "note|n2",
        "ticket|t1",
        "ticket|t2",
        "ticket|t3",
    ]


def test_a_service_is_in_force_to_the_end_of_its_last_city_day(core: CoreTables) -> None:
    before, after = _act(core, "ticket|t1"), _act(core, "ticket|t2")

    assert (before["acted_on"], before["service_id"], before["is_forwarded"]) == (
        date(2022, 12, 31),
        "terveys",
        False,
    )
    assert (after["acted_on"], after["service_id"], after["department_id"]) == (
        date(2023, 1, 1),
        "ei_kaupunki",
        "ulkopuolinen",
    )
    assert after["is_forwarded"] is True


def test_an_act_without_a_day_is_forwarded_as_of_now(core: CoreTables) -> None:
    idea = _act(core, "idea|i1")

    assert (idea["month_on"], idea["service_id"], idea["service_basis_code"]) == (
        None,
        "ei_kaupunki",
        "model",
    )


@pytest.mark.parametrize(
    ("act_id", "expected"),
    [
        ("answer|r1|scale", ("museo", "questionnaire", False)),
        ("note|n1", ("kirjasto", "reported", False)),
        ("ticket|t3", ("muu", "model", True)),
        ("answer|r1|open", ("muu", "none", False)),
        ("answer|r1|multi", ("muu", "none", False)),
    ],
)
def test_service_goes_by_questionnaire_then_source_then_model(
    act_id: str, expected: tuple[str, str, bool], core: CoreTables
) -> None:
    act = _act(core, act_id)

    found = (act["service_id"], act["service_basis_code"], act["is_service_unsure"])
    assert found == expected


def test_scales_are_turned_so_that_one_is_best(core: CoreTables) -> None:
    assert _act(core, "answer|r1|scale")["score_share"] == 0.25  # 4 of 1 to 5, where 1 is the best
    assert _act(core, "answer|r2|nps")["score_share"] == 0.9
    assert _act(core, "ticket|t1")["score_share"] is None


def test_language_is_of_the_text_else_of_the_questionnaire(core: CoreTables) -> None:
    assert _act(core, "ticket|t3")["language_code"] == "en"
    assert _act(core, "answer|r1|open")["language_code"] == "sv"
    assert _act(core, "answer|r2|nps")["language_code"] == "und"


def test_a_text_that_says_nothing_has_no_kind(core: CoreTables) -> None:
    act = _act(core, "answer|r1|open")

    assert (act["kind_code"], act["sentiment_code"]) == (None, None)
    assert (act["text_id"], act["method_version"]) == ("x5", "m")


def _cell(cube: pl.DataFrame, *key: object) -> dict[str, Any]:
    wanted = pl.all_horizontal(
        pl.col(name) == value for name, value in zip(_CUBE_KEYS, key, strict=True)
    )
    return cube.row(by_predicate=wanted, named=True)


def _cube(core: CoreTables) -> pl.DataFrame:
    return _collect(count_acts(build_acts(core), as_of=_AS_OF), by=_CUBE_KEYS)


def test_the_city_s_whole_time_counts_every_act_up_to_the_day(core: CoreTables) -> None:
    cell = _cell(_cube(core), "city", "all", "all", date(2022, 12, 1), "all")

    # All twelve but the note of March; texts: three tickets, two initiatives, the idea, the note.
    assert (cell["n_acts"], cell["n_texts"]) == (11, 7)
    assert (cell["n_fault"], cell["n_complaint"], cell["n_proposal"]) == (2, 1, 2)
    assert (cell["n_question"], cell["n_praise"]) == (2, 0)
    assert (cell["n_positive"], cell["n_neutral"], cell["n_negative"]) == (2, 4, 1)
    assert (cell["n_forwarded"], cell["n_model"], cell["unsure_share"]) == (3, 4, 0.5)


def test_periods_hold_the_acts_of_their_days(core: CoreTables) -> None:
    cube = _cube(core)

    february = _cell(cube, "city", "all", "month", date(2024, 2, 1), "all")
    year = _cell(cube, "city", "all", "year", date(2022, 1, 1), "ticket")
    twelve = _cell(cube, "city", "all", "last_12_months", date(2023, 3, 1), "all")
    assert (february["n_acts"], year["n_acts"], twelve["n_acts"]) == (5, 1, 7)


def test_what_is_not_known_is_counted_as_unknown(core: CoreTables) -> None:
    cube = _cube(core)

    area = _cell(cube, "area", "unknown", "month", date(2024, 2, 1), "ticket")
    service = _cell(cube, "service", "museo", "all", date(2022, 12, 1), "answer")
    assert (area["n_acts"], service["n_acts"], service["unsure_share"]) == (1, 2, None)


def test_act_types_and_values_sum_to_the_whole(core: CoreTables) -> None:
    cube = _cube(core)
    keys = ["dimension_code", "period_kind_code", "period_start_on"]

    by_type = cube.filter(pl.col("act_type_code") != "all").group_by(keys).agg(pl.sum("n_acts"))
    whole = cube.filter(pl.col("act_type_code") == "all").group_by(keys).agg(pl.sum("n_acts"))

    assert_frame_equal(by_type.sort(keys), whole.sort(keys))


def test_no_act_gives_an_empty_cube(core: CoreTables) -> None:
    nobody = build_acts(core).filter(nw.col("act_id") == "")

    assert _collect(count_acts(nobody, as_of=_AS_OF), by=_CUBE_KEYS).is_empty()


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2024, 2, 29), (date(2023, 3, 1), date(2024, 2, 1))),
        (date(2024, 2, 28), (date(2023, 2, 1), date(2024, 1, 1))),
        (date(2024, 1, 1), (date(2023, 1, 1), date(2023, 12, 1))),
        (date(2023, 12, 31), (date(2023, 1, 1), date(2023, 12, 1))),
    ],
)
def test_twelve_whole_months_end_by_the_day(as_of: date, months: tuple[date, date]) -> None:
    assert last_whole_months(as_of) == months


def test_engines_give_the_same_acts_and_cubes() -> None:
    results = []
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = '{_ZONE}'")
        for name, frame in _city().items():
            connection.register(name, frame.to_arrow())
        for tables in (
            {n: nw.from_native(f.lazy()) for n, f in _city().items()},
            {n: nw.from_native(connection.table(n)) for n in _city()},
        ):
            found = CoreTables(**tables)
            results.append((_acts(found), _cube(found)))

    for polars, other in zip(*results, strict=True):
        assert_frame_equal(polars, other)
