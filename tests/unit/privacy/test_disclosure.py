"""Suppression: by hand, and against an attacker who adds and subtracts."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.privacy.additive import (
    LINK_SCHEMA,
    additive_links,
    level_relations,
    period_relations,
    value_relation,
)
from transforms.privacy.disclosure import (
    Layout,
    Partition,
    suppress_cells,
    suppress_primary,
)

THRESHOLD = 10
NO_LINKS = pl.DataFrame(schema=LINK_SCHEMA)
PRAISE = Layout(
    base="n_acts",
    estimates=("unsure_share",),
    partitions=(Partition("n_acts", ("n_praise", "n_fault"), has_remainder=True),),
)


def rows(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def children(counts: list[int], total: int | None = None) -> pl.DataFrame:
    """A city row and a row for each area."""
    return rows(
        dimension_code=["area"] * len(counts) + ["city"],
        dimension_value=[f"a{k}" for k in range(len(counts))] + ["all"],
        n=[*counts, sum(counts) if total is None else total],
        mean=[3.5] * (len(counts) + 1),
    )


def suppressed_children(counts: list[int]) -> list[int | None]:
    frame = children(counts)
    key = ("dimension_code", "dimension_value")
    services = rows(service_id=["kadut"], department_id=["kaupunkiymparisto"])
    links = additive_links(frame, key=key, relations=level_relations(frame, services=services))
    layout = Layout(base="n", estimates=("mean",))
    public = suppress_cells(frame, layout=layout, links=links, threshold=THRESHOLD)
    assert (public["mean"].is_null() == public["n"].is_null()).all()
    assert (public["is_suppressed"] == public["n"].is_null()).all()
    return public["n"].to_list()


@pytest.mark.parametrize(("count", "is_withheld"), [(0, False), (1, True), (9, True), (10, False)])
def test_count_between_zero_and_the_threshold_takes_every_figure(
    count: int, *, is_withheld: bool
) -> None:
    frame = rows(n=[count], mean=[4.2], name=["a"])

    public = suppress_primary(frame, counts=["n"], threshold=THRESHOLD, values=["n", "mean"])

    expected = (None, None) if is_withheld else (count, 4.2)
    assert public.select("n", "mean").row(0) == expected
    assert public["is_suppressed"].to_list() == [is_withheld]
    assert public["suppress_reason_code"].to_list() == [
        "primary_small_n" if is_withheld else "none"
    ]
    assert public["name"].to_list() == ["a"]


def test_unknown_count_is_left_alone() -> None:
    frame = pl.DataFrame({"n": [None], "mean": [None]}, schema={"n": pl.Int64, "mean": pl.Float64})

    public = suppress_primary(frame, counts=["n"], threshold=THRESHOLD, values=["mean"])

    assert public["is_suppressed"].to_list() == [False]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([20, 30, 40], [20, 30, 40, 90]),
        ([5, 30, 20], [None, 30, None, 55]),  # the next smallest protects the small one
        ([5, 0, 20], [None, 0, None, 25]),  # a zero protects nothing and stays
        ([5, 6, 20], [None, None, 20, 31]),  # their sum of 11 tells neither
        ([2, 3, 20, 30], [None, None, None, 30, 55]),  # a sum of 5 would tell
        ([5, 0, 0], [None, 0, 0, None]),
        ([0, 0, 0], [0, 0, 0, 0]),
        ([2, 3, 4], [None, None, None, None]),
    ],
)
def test_small_child_cannot_be_had_from_its_total(
    counts: list[int], expected: list[int | None]
) -> None:
    assert suppressed_children(counts) == expected


def test_reason_tells_the_protector_from_the_protected() -> None:
    frame = children([5, 30, 20])
    services = rows(service_id=["kadut"], department_id=["kaupunkiymparisto"])
    relations = level_relations(frame, services=services)
    links = additive_links(frame, key=("dimension_code", "dimension_value"), relations=relations)

    public = suppress_cells(
        frame, layout=Layout(base="n", estimates=("mean",)), links=links, threshold=THRESHOLD
    )

    assert public["suppress_reason_code"].to_list() == [
        "primary_small_n",
        "none",
        "secondary",
        "none",
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((100, 40, 30), (100, 40, 30)),
        ((100, 3, 30), (100, None, 30)),  # the rest of 67, which nobody prints, protects it
        ((100, 0, 30), (100, 0, 30)),
        ((45, 10, 30), (45, None, 30)),  # a rest of 5 is small: the smallest part protects it
        ((40, 10, 30), (40, 10, 30)),
        ((9, 9, 0), (None, None, None)),
    ],
)
def test_small_part_or_rest_of_a_row_is_withheld(
    row: tuple[int, int, int], expected: tuple[int | None, ...]
) -> None:
    frame = rows(n_acts=[row[0]], n_praise=[row[1]], n_fault=[row[2]], unsure_share=[0.1])

    public = suppress_cells(frame, layout=PRAISE, links=NO_LINKS, threshold=THRESHOLD)

    assert public.select("n_acts", "n_praise", "n_fault").row(0) == expected
    assert public["is_suppressed"].to_list() == [expected[0] is None]


@pytest.mark.parametrize(
    ("row", "expected", "share"),
    [
        ((30, 20, 10), (30, 20, 10), 0.5),
        ((30, 27, 3), (30, None, None), 0.5),
        ((30, 30, 0), (30, 30, 0), 0.5),
        ((30, 3, 27), (30, None, None), None),  # too few events for an estimate
    ],
)
def test_parts_that_make_up_the_whole_fall_together(
    row: tuple[int, int, int], expected: tuple[int | None, ...], share: float | None
) -> None:
    layout = Layout(
        base="n_tickets",
        estimates=("share",),
        partitions=(Partition("n_tickets", ("n_events", "n_censored")),),
        evidence=("n_events",),
    )
    frame = rows(n_tickets=[row[0]], n_events=[row[1]], n_censored=[row[2]], share=[0.5])

    public = suppress_cells(frame, layout=layout, links=NO_LINKS, threshold=THRESHOLD)

    assert public.select("n_tickets", "n_events", "n_censored").row(0) == expected
    assert public["share"].to_list() == [share]
    assert public["is_suppressed"].to_list() == [share is None]


# The attacker: every equation of the stated groups, solved one after another.

Cell = tuple[int, str]
Equation = tuple[list[Cell], Cell]  # parts, total
TYPES = ["idea", "ticket"]
SERVICES = rows(service_id=["s1", "s2", "s3"], department_id=["d1", "d1", "d2"])
MONTHS = [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1)]
acts = st.lists(
    st.tuples(
        st.sampled_from(["s1", "s2", "s3"]),
        st.sampled_from(["north", "south", "unknown"]),
        st.sampled_from(MONTHS),
        st.sampled_from(TYPES),
        st.sampled_from(["n_praise", "n_fault", "n_none"]),
        st.sampled_from([1, 1, 2, 4, 9, 10, 15, 40]),
    ),
    min_size=1,
    max_size=25,
)
KEY = ("dimension_code", "dimension_value", "period_kind_code", "period_start_on", "act_type_code")


def cube_of(events: list[tuple[str, str, date, str, str, int]]) -> pl.DataFrame:
    base = pl.DataFrame(
        [row[:5] for row in events for _ in range(row[5])],
        schema=["service", "area", "month", "type", "kind"],
        orient="row",
    ).join(SERVICES.rename({"service_id": "service", "department_id": "department"}), on="service")
    levels = pl.concat(
        [
            base.with_columns(
                dimension_code=pl.lit(level),
                dimension_value=pl.lit("all") if level == "city" else pl.col(level),
            )
            for level in ("city", "department", "service", "area")
        ]
    )
    periods = pl.concat(
        [
            levels.with_columns(period_kind_code=pl.lit("month"), period_start_on="month"),
            levels.with_columns(
                period_kind_code=pl.lit("year"), period_start_on=pl.col("month").dt.truncate("1y")
            ),
            levels.filter(pl.col("month") < date(2025, 1, 1)).with_columns(
                period_kind_code=pl.lit("last_12_months"), period_start_on=date(2024, 1, 1)
            ),
        ]
    )
    types = pl.concat(
        [
            periods.with_columns(act_type_code="type"),
            periods.with_columns(act_type_code=pl.lit("all")),
        ]
    )
    filled = types.group_by(KEY).agg(
        n_acts=pl.len().cast(pl.Int64),
        n_praise=(pl.col("kind") == "n_praise").sum().cast(pl.Int64),
        n_fault=(pl.col("kind") == "n_fault").sum().cast(pl.Int64),
    )
    grid = filled.select(KEY[:2]).unique()
    for column in (KEY[2:4], KEY[4:]):
        grid = grid.join(filled.select(column).unique(), how="cross")
    whole = grid.join(filled, on=list(KEY), how="left").fill_null(0)
    return whole.with_columns(unsure_share=pl.lit(0.5)).sort(KEY)


def equations_of(frame: pl.DataFrame) -> list[Equation]:
    """Written from the words of docs/methods/disclosure.md, not from the code under test."""
    position = {row: k for k, row in enumerate(frame.select(KEY).rows())}
    groups: list[tuple[list[int], int]] = []
    department = dict(SERVICES.rows())
    for total_key, total in position.items():
        level, value, kind, start, act_type = total_key
        found: dict[str, list[int]] = {}
        for key, row in position.items():
            alike = key[2:] == total_key[2:]
            if level == "city" and alike and key[0] in ("department", "area"):
                found.setdefault(key[0], []).append(row)
            is_own = key[0] == "service" and department[key[1]] == value
            if level == "department" and alike and is_own:
                found.setdefault("service", []).append(row)
            if key[:2] == (level, value) and key[4] == act_type and key[2] == "month":
                end = start + timedelta(days=365)
                if kind in ("year", "last_12_months") and start <= key[3] <= end:
                    found.setdefault("month", []).append(row)
            if key[:4] == total_key[:4] and act_type == "all" and key[4] != "all":
                found.setdefault("type", []).append(row)
        groups.extend((parts, total) for parts in found.values())
    return [
        ([(row, column) for row in parts], (total, column))
        for parts, total in groups
        for column in ("n_acts", "n_praise", "n_fault")
    ]


def cells_that_can_be_solved(public: pl.DataFrame, equations: list[Equation]) -> set[Cell]:
    names = ("n_acts", "n_praise", "n_fault")
    known = {
        (row, name)
        for name in names
        for row, value in enumerate(public[name].to_list())
        if value is not None
    }
    withheld = {(row, name) for name in names for row in range(public.height)} - known
    while True:
        solved = set()
        for parts, total in equations:
            unknown = [cell for cell in (*parts, total) if cell not in known]
            if len(unknown) == 1:
                solved.add(unknown[0])
        if not solved:
            return withheld & known
        known |= solved


def publish(frame: pl.DataFrame) -> pl.DataFrame:
    relations = {
        **level_relations(frame, services=SERVICES),
        **period_relations(frame),
        "act_type": value_relation(frame, column="act_type_code"),
    }
    links = additive_links(frame, key=KEY, relations=relations)
    return suppress_cells(frame, layout=PRAISE, links=links, threshold=THRESHOLD)


@settings(max_examples=60, deadline=None)
@given(acts)
def test_no_withheld_count_can_be_had_by_subtraction(
    events: list[tuple[str, str, date, str, str, int]],
) -> None:
    frame = cube_of(events)

    public = publish(frame)

    solved = cells_that_can_be_solved(public, equations_of(frame))
    assert [cell for cell in solved if frame[cell[1]][cell[0]] > 0] == []


@settings(max_examples=60, deadline=None)
@given(acts)
def test_no_count_between_zero_and_the_threshold_is_published(
    events: list[tuple[str, str, date, str, str, int]],
) -> None:
    public = publish(cube_of(events))

    for name in ("n_acts", "n_praise", "n_fault"):
        shown = public[name].drop_nulls()
        assert ((shown > 0) & (shown < THRESHOLD)).sum() == 0
    rest = public["n_acts"] - public["n_praise"] - public["n_fault"]
    assert ((rest > 0) & (rest < THRESHOLD)).sum() == 0


@settings(max_examples=60, deadline=None)
@given(acts)
def test_withheld_parts_of_a_published_total_sum_to_the_threshold_at_least(
    events: list[tuple[str, str, date, str, str, int]],
) -> None:
    frame = cube_of(events)

    public = publish(frame)

    for parts, (total, column) in equations_of(frame):
        if public[column][total] is None:
            continue
        hidden = [frame[column][row] for row, _ in parts if public[column][row] is None]
        assert sum(hidden) == 0 or sum(hidden) >= THRESHOLD


@settings(max_examples=30, deadline=None)
@given(acts)
def test_what_is_published_is_true_and_only_figures_change(
    events: list[tuple[str, str, date, str, str, int]],
) -> None:
    frame = cube_of(events)

    public = publish(frame)

    assert public.select(KEY).equals(frame.select(KEY))
    for name in ("n_acts", "n_praise", "n_fault"):
        shown = public[name].is_not_null()
        assert public[name].filter(shown).equals(frame[name].filter(shown))


def test_table_without_small_counts_is_published_whole() -> None:
    frame = cube_of(
        [
            (s, a, m, t, "n_praise", 40)
            for s in ("s1", "s2", "s3")
            for a in ("north", "south")
            for m in MONTHS
            for t in TYPES
        ]
    )

    public = publish(frame)

    assert public.drop("is_suppressed", "suppress_reason_code").equals(frame)


def test_empty_table_stays_empty() -> None:
    frame = children([20]).head(0)

    public = suppress_cells(
        frame, layout=Layout(base="n", estimates=("mean",)), links=NO_LINKS, threshold=THRESHOLD
    )

    assert public.height == 0
    assert public.schema["suppress_reason_code"] == pl.String
