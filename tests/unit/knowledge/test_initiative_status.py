"""D12: the legal clock of two per cent and six months, by the text of the law."""

from datetime import date

import polars as pl
import pytest

from transforms.knowledge.initiative_status import (
    InitiativeSettings,
    compute_initiative_status,
    two_per_cent_threshold,
)

AS_OF = date(2025, 6, 30)
CITY = InitiativeSettings(n_residents=66_556)  # threshold 1,332
NO_LABELS = pl.DataFrame(
    schema={"initiative_id": pl.String, "service_id": pl.String, "department_id": pl.String}
)
INITIATIVE = {
    "initiative_id": pl.String,
    "source_code": pl.String,
    "title": pl.String,
    "initiative_type_code": pl.String,
    "published_on": pl.Date,
    "sent_on": pl.Date,
    "n_supporters": pl.Int64,
    "is_vanished": pl.Boolean,
    "vanished_on": pl.Date,
}
ENTRY = {
    "register_number": pl.String,
    "initiative_id": pl.String,
    "filed_on": pl.Date,
    "registered_on": pl.Date,
    "n_residents_confirmed": pl.Int64,
    "department_id": pl.String,
    "decision_on": pl.Date,
    "decision_code": pl.String,
    "told_author_on": pl.Date,
    "progress_published_on": pl.Date,
    "progress_channels": pl.String,
}


def initiative(**changed: object) -> pl.DataFrame:
    row = {
        "initiative_id": "kuntalaisaloite-1",
        "source_code": "kuntalaisaloite",
        "title": "Uimaranta Kyrkösjärvelle",
        "initiative_type_code": "COLLABORATIVE",
        "published_on": date(2024, 1, 10),
        "sent_on": date(2024, 8, 31),
        "n_supporters": 100,
        "is_vanished": False,
        "vanished_on": None,
    } | changed
    return pl.DataFrame([row], schema=INITIATIVE)


def entry(**changed: object) -> pl.DataFrame:
    row: dict[str, object] = dict.fromkeys(ENTRY) | {
        "register_number": "SJK/1/2024",
        "initiative_id": "kuntalaisaloite-1",
        "filed_on": date(2024, 8, 31),
    }
    return pl.DataFrame([row | changed], schema=ENTRY)


def status(
    initiatives: pl.DataFrame | None = None,
    register: pl.DataFrame | None = None,
    *,
    as_of: date = AS_OF,
    settings: InitiativeSettings = CITY,
    labels: pl.DataFrame = NO_LABELS,
) -> pl.DataFrame:
    return compute_initiative_status(
        initiatives=initiative() if initiatives is None else initiatives,
        register=pl.DataFrame(schema=ENTRY) if register is None else register,
        labels=labels,
        as_of=as_of,
        settings=settings,
    )


@pytest.mark.parametrize(
    ("residents", "threshold"),
    [(66_556, 1_332), (66_550, 1_331), (66_551, 1_332), (1, 1), (50, 1), (51, 2), (350, 7)],
)
def test_threshold_is_two_per_cent_rounded_up(residents: int, threshold: int) -> None:
    assert two_per_cent_threshold(residents) == threshold


def test_no_residents_are_refused() -> None:
    with pytest.raises(ValueError, match="is 0, expected 1 or more"):
        two_per_cent_threshold(0)


@pytest.mark.parametrize(
    ("supporters", "confirmed", "code"),
    [
        (1_331, None, "below"),
        (1_332, None, "possibly_reached"),
        (5_000, None, "possibly_reached"),
        (None, None, "unknown"),
        (1_332, 1_332, "confirmed"),
        (5_000, 1_331, "below"),
        (None, 1_332, "confirmed"),
        (1_000, 1_332, "confirmed"),
        (0, None, "below"),
    ],
)
def test_only_the_clerks_count_confirms_and_it_outweighs_the_services(
    supporters: int | None, confirmed: int | None, code: str
) -> None:
    frame = status(initiative(n_supporters=supporters), entry(n_residents_confirmed=confirmed))

    assert frame["threshold_status_code"].to_list() == [code]
    assert (frame["six_month_due_on"][0] is None) == (code in ("below", "unknown"))


def test_without_a_number_of_residents_every_status_is_unknown() -> None:
    frame = status(
        initiative(n_supporters=9_000),
        entry(n_residents_confirmed=9_000),
        settings=InitiativeSettings(n_residents=None),
    )

    assert frame["threshold_status_code"].to_list() == ["unknown"]
    assert frame.select("threshold_n", "six_month_due_on", "is_overdue").row(0) == (None,) * 3


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (date(2024, 8, 31), date(2025, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2024, 8, 29), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2024, 8, 29)),
        (date(2024, 12, 31), date(2025, 6, 30)),
        (date(2024, 7, 1), date(2025, 1, 1)),
    ],
)
def test_six_months_are_calendar_months(filed: date, due: date) -> None:
    frame = status(initiative(n_supporters=2_000), entry(filed_on=filed))

    assert frame["six_month_due_on"].to_list() == [due]


@pytest.mark.parametrize(
    ("decided", "as_of", "overdue"),
    [
        (None, date(2025, 2, 28), False),
        (None, date(2025, 3, 1), True),
        (date(2025, 2, 28), date(2025, 3, 1), False),
        (date(2025, 3, 1), date(2025, 3, 1), True),
        (date(2025, 3, 2), date(2025, 3, 1), True),
    ],
)
def test_overdue_when_the_six_months_ran_out_undecided(
    decided: date | None, as_of: date, overdue: bool
) -> None:
    frame = status(initiative(n_supporters=2_000), entry(decision_on=decided), as_of=as_of)

    assert frame["is_overdue"].to_list() == [overdue]


def test_register_date_of_filing_goes_before_the_date_of_sending() -> None:
    sent = initiative(n_supporters=2_000, sent_on=date(2024, 5, 1))

    alone = status(sent)
    registered = status(sent, entry(filed_on=date(2024, 5, 20), registered_on=date(2024, 5, 22)))

    assert alone["filed_on"].to_list() == [date(2024, 5, 1)]
    assert alone["days_pending"].to_list() == [425]  # 1.5.2024–30.6.2025
    assert registered["filed_on"].to_list() == [date(2024, 5, 20)]
    assert registered["days_to_registration"].to_list() == [2]
    assert registered["six_month_due_on"].to_list() == [date(2024, 11, 20)]


def test_initiative_that_still_collects_support_has_no_clock() -> None:
    frame = status(initiative(sent_on=None, n_supporters=2_000))

    assert frame.select("filed_on", "six_month_due_on", "days_pending", "is_overdue").row(0) == (
        (None,) * 4
    )


def test_decided_initiative_waits_no_longer() -> None:
    decided = entry(decision_on=date(2024, 9, 10), decision_code="partly")

    frame = status(register=decided)

    row = frame.row(0, named=True)
    assert (row["days_to_decision"], row["days_pending"], row["decision_code"]) == (
        10,
        10,
        "partly",
    )


def test_later_decision_is_not_known_on_an_earlier_day() -> None:
    decided = entry(
        decision_on=date(2025, 7, 1),
        decision_code="accepted",
        progress_published_on=date(2025, 7, 2),
        progress_channels="seinajoki.fi",
    )

    row = status(register=decided).row(0, named=True)

    assert (row["decision_on"], row["decision_code"], row["progress_channels"]) == (None,) * 3
    assert row["days_pending"] == 303  # 31.8.2024–30.6.2025


def test_paper_initiative_stands_by_its_case_number_without_a_title() -> None:
    paper = entry(register_number="SJK/7/2025", initiative_id=None, filed_on=date(2025, 1, 7))

    frame = status(register=paper)

    row = frame.filter(pl.col("initiative_id") == "SJK/7/2025").row(0, named=True)
    assert frame.height == 2
    assert (row["initiative_type_code"], row["title"], row["published_on"]) == ("PAPER", None, None)
    assert (row["source_code"], row["threshold_status_code"]) == ("asianhallinta", "unknown")
    assert (row["service_id"], row["department_id"]) == ("muu", "konserni")
    assert row["filed_on"] == date(2025, 1, 7)


def test_vanished_initiative_stays_without_its_title() -> None:
    row = status(initiative(is_vanished=True, vanished_on=date(2025, 5, 1))).row(0, named=True)

    assert (row["is_vanished"], row["title"], row["n_supporters"]) == (True, None, 100)


def test_department_of_the_register_goes_before_that_of_the_model() -> None:
    labels = pl.DataFrame(
        {
            "initiative_id": ["kuntalaisaloite-1"],
            "service_id": ["liikunta"],
            "department_id": ["sivistys_hyvinvointi"],
        }
    )

    by_model = status(labels=labels).row(0, named=True)
    by_clerk = status(register=entry(department_id="elinvoima"), labels=labels).row(0, named=True)

    assert (by_model["service_id"], by_model["department_id"]) == (
        "liikunta",
        "sivistys_hyvinvointi",
    )
    assert (by_clerk["service_id"], by_clerk["department_id"]) == ("liikunta", "elinvoima")


def test_two_entries_of_one_initiative_give_one_row_with_the_first_filing() -> None:
    twice = pl.concat([entry(register_number="SJK/9/2024", filed_on=date(2024, 9, 9)), entry()])

    frame = status(register=twice)

    assert frame.select("initiative_id", "filed_on").rows() == [
        ("kuntalaisaloite-1", date(2024, 8, 31))
    ]


def test_entry_of_an_initiative_that_was_never_listed_is_not_lost() -> None:
    frame = status(register=entry(initiative_id="kuntalaisaloite-2"))

    unlisted = frame.filter(pl.col("initiative_id") == "kuntalaisaloite-2")
    assert unlisted["initiative_type_code"].to_list() == ["UNDEFINED"]


def test_share_of_residents_is_never_over_one() -> None:
    frame = status(initiative(n_supporters=30), settings=InitiativeSettings(n_residents=20))

    assert frame["supporters_residents_share"].to_list() == [1.0]


@pytest.mark.parametrize(
    ("filed", "threshold"),
    [
        (date(2023, 12, 30), 1_332),  # before any statistics: the settings' 66,556
        (date(2023, 12, 31), 1_323),  # 66,104 → 1,322.08
        (date(2024, 8, 31), 1_323),
        (date(2024, 12, 31), 1_340),  # 66,951 → 1,339.02
        (None, 1_340),  # collecting support: by the latest
    ],
)
def test_two_per_cent_are_counted_by_the_latest_year_s_end_before_filing(
    filed: date | None, threshold: int
) -> None:
    settings = InitiativeSettings(
        n_residents=66_556, residents_by_year={2024: 66_951, 2023: 66_104}
    )
    register = entry(filed_on=filed) if filed else None

    frame = status(initiative(sent_on=filed), register, settings=settings)

    assert frame["threshold_n"].to_list() == [threshold]


def test_supporters_are_compared_with_the_residents_of_the_same_year_s_end() -> None:
    settings = InitiativeSettings(n_residents=None, residents_by_year={2023: 1_000})

    frame = status(initiative(n_supporters=20), entry(), settings=settings)

    assert frame.select("threshold_n", "supporters_residents_share").row(0) == (20, 0.02)
    assert frame["threshold_status_code"].to_list() == ["possibly_reached"]
