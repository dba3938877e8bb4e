"""Who may be printed: what is offered, what an approval holds for, and for how long."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.privacy.approved_words import (
    ANSWER,
    PRAISE,
    SUMMARY,
    add_outdated,
    choose_examples,
    find_praise,
    judge_praise,
    judge_summaries,
    mark_approved,
    offer_praise,
    rank_praise,
    with_digest,
)

AS_OF = date(2026, 10, 31)
THIRD, DAY = date(2026, 7, 1), date(2026, 8, 15)
OURS = "sivistys_hyvinvointi"
THANKS = "Kiitos kirjaston iloisesta palvelusta"
APPROVALS = load_contracts()["mart_text__approvals"].schema
SUMMARY_APPROVALS = load_contracts()["mart_department__summary_approvals"].schema


def act(number: int, text_id: str = "t0", **changes: object) -> dict[str, object]:
    return {
        "act_id": f"ticket|{number}", "act_type_code": "ticket", "acted_on": DAY,
        "department_id": OURS, "is_forwarded": False, "kind_code": "kiitos", "text_id": text_id,
    } | changes  # fmt: skip


def found(
    acts: Sequence[dict[str, object]],
    *,
    texts: Sequence[str] = (THANKS,),
    n_masked: int = 0,
    **labels: object,
) -> pl.DataFrame:
    """Praise found in acts; text number i has the id ``ti``, and all have these labels."""
    honest = {
        "kind_code": "kiitos", "sentiment_code": "positiivinen", "language_code": "fi",
        "n_words": 4, "is_uninformative": False, "groups": None, "places": None,
    } | labels  # fmt: skip
    acts_schema = load_contracts()["core_acts__acts"].schema
    labels_schema = load_contracts()["core_text__labels"].schema
    rows = [{"text_id": f"t{i}", **honest} for i in range(len(texts))]
    return find_praise(
        acts=pl.DataFrame([dict.fromkeys(acts_schema) | row for row in acts], schema=acts_schema),
        labels=pl.DataFrame(
            [dict.fromkeys(labels_schema) | row for row in rows], schema=labels_schema
        ),
        texts=pl.DataFrame(
            {
                "text_id": [f"t{i}" for i in range(len(texts))],
                "text": list(texts),
                "n_masked": [n_masked] * len(texts),
            }
        ),
        as_of=AS_OF,
    )


def ten(**changes: object) -> list[dict[str, object]]:
    return [act(number, **changes) for number in range(10)]


def offered(praise: pl.DataFrame) -> list[str]:
    return offer_praise(praise, as_of=AS_OF)["praise_text"].to_list()


def praise_row(row_no: int = 2, **changes: str | None) -> pl.DataFrame:
    row = {
        "department_id": OURS, "quarter_start_on": "1.7.2026", "praise_text": THANKS,
        "approved_by_unit_name": "Kirjastopalvelut", "approved_on": "15.10.2026",
    } | changes  # fmt: skip
    schema = {"row_no": pl.Int64, **dict.fromkeys((*PRAISE, *ANSWER), pl.String)}
    return pl.DataFrame([{"row_no": row_no, **row}], schema=schema)


def test_praise_of_ten_is_offered_once_and_of_nine_not_at_all() -> None:
    assert offered(found(ten())) == [THANKS]
    assert offered(found(ten()[:9])) == []


def test_the_base_is_people_and_not_texts() -> None:
    answers = [
        act(n, act_id=f"answer|r{n % 9}|k{n}", act_type_code="answer", text_id="t0")
        for n in range(12)
    ]

    assert found(answers)["n_voices"].to_list() == [9]


@pytest.mark.parametrize(
    "labels",
    [
        {"sentiment_code": "neutraali"},
        {"language_code": "sv"},
        {"groups": "vanhukset"},
        {"places": "Törnävä"},
        {"n_words": 3},
        {"n_words": 41},
        {"is_uninformative": True},
    ],
)
def test_what_is_not_short_finnish_praise_about_a_service_is_not_offered(
    labels: dict[str, object],
) -> None:
    assert offered(found(ten(), **labels)) == []


def test_praise_of_four_and_of_forty_words_is_offered() -> None:
    assert offered(found(ten(), n_words=4)) == [THANKS]
    assert offered(found(ten(), n_words=40)) == [THANKS]


@pytest.mark.parametrize(
    "text",
    [
        "Kiitos iloisesta palvelusta Maijalle",
        "Kiitos kuljettajalle kello 7 vuorosta",
        "Kiitos [nimi] iloisesta palvelusta",
        "=1+1 kiitos iloisesta palvelusta",
        "Kiitos palvelusta, minut tavoittaa hei@kirja",
    ],
)
def test_a_number_an_address_or_a_capital_inside_a_sentence_is_not_offered(text: str) -> None:
    assert offered(found(ten(), texts=[text])) == []


def test_a_capital_after_the_end_of_a_sentence_is_offered() -> None:
    text = "Kiitos hyvästä palvelusta! Äiti pitää kirjastosta. Tulemme uudestaan."

    assert offered(found(ten(), texts=[text])) == [text]


def test_a_text_with_something_masked_is_not_praise_that_can_be_approved() -> None:
    assert found(ten(), n_masked=1).height == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"act_type_code": "note"},
        {"act_type_code": "initiative"},
        {"kind_code": "moite"},
        {"is_forwarded": True},
        {"acted_on": date(2026, 11, 1)},
        {"acted_on": None},
    ],
)
def test_other_acts_give_no_praise(changes: dict[str, object]) -> None:
    assert found(ten(**changes)).height == 0


@pytest.mark.parametrize(
    ("day", "is_offered"),
    [
        (date(2025, 9, 30), False),
        (date(2025, 10, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
    ],
)
def test_four_whole_quarters_are_offered(day: date, is_offered: bool) -> None:
    assert bool(offered(found(ten(acted_on=day)))) == is_offered


def test_a_wording_said_in_two_quarters_is_offered_for_the_first() -> None:
    praise = found([*ten(), *(act(n + 20, acted_on=date(2026, 5, 2)) for n in range(10))])

    rows = offer_praise(praise, as_of=AS_OF)

    assert rows["quarter_start_on"].to_list() == [date(2026, 4, 1)]


def test_at_most_twenty_of_a_department_and_quarter_are_offered_the_same_each_time() -> None:
    words = [f"Kiitos iloisesta palvelusta {chr(97 + n) * 3}" for n in range(22)]
    praise = found([act(n, text_id=f"t{n}") for n in range(22)], texts=words)

    first, again = offered(praise), offered(praise.reverse())

    assert len(first) == 20
    assert first == again


def test_an_approval_holds_for_the_words_as_they_were_offered() -> None:
    judged = judge_praise(praise_row(), found(ten()))

    row = judged.approved.row(0, named=True)
    assert row["praise_text"] == THANKS
    assert (row["approved_by_unit_name"], row["approved_on"], row["n_voices"]) == (
        "Kirjastopalvelut", date(2026, 10, 15), 10,
    )  # fmt: skip
    assert judged.left_out.height == 0


def test_spaces_that_a_spreadsheet_adds_do_not_matter() -> None:
    row = praise_row(praise_text=f" {THANKS.replace(' ', '  ')}\n", quarter_start_on="2026-07-01")

    assert judge_praise(row, found(ten())).approved.height == 1


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"praise_text": f"{THANKS}!"}, "praise_text"),
        ({"department_id": "elinvoima"}, "praise_text"),
        ({"quarter_start_on": "1.4.2026"}, "praise_text"),
        ({"quarter_start_on": "kesä"}, "praise_text"),
        ({"approved_on": "ensi viikolla"}, "approved_on"),
        ({"approved_on": None}, "approved_on"),
        ({"approved_by_unit_name": " "}, "approved_by_unit_name"),
        ({"approved_by_unit_name": "Liisa Virtanen"}, "approved_by_unit_name"),
    ],
)
def test_a_row_that_is_edited_or_half_answered_is_left_out_by_row_and_column_without_its_words(
    changes: dict[str, str | None], column: str
) -> None:
    judged = judge_praise(praise_row(7, **changes), found(ten()))

    assert judged.approved.height == 0
    assert judged.left_out.select("row_no", "column_name").rows() == [(7, column)]
    told = " ".join(str(cell) for cell in judged.left_out.row(0))
    assert not any(word in told for word in ("Kiitos", "kirjasto", "Virtanen", "viikolla"))


def test_an_approval_of_praise_from_nine_is_left_out() -> None:
    judged = judge_praise(praise_row(), found(ten()[:9]))

    assert judged.approved.height == 0
    assert judged.left_out["expected"].to_list() == ["a base of 10 or more"]


def test_the_same_row_twice_is_one_approval() -> None:
    rows = pl.concat([praise_row(2), praise_row(3, approved_by_unit_name="Viestintä")])

    judged = judge_praise(rows, found(ten()))

    assert judged.approved.select("row_no", "approved_by_unit_name").rows() == [
        (2, "Kirjastopalvelut")
    ]


def test_no_answers_are_no_approvals() -> None:
    judged = judge_praise(praise_row().clear(), found(ten()))

    assert (judged.approved.height, judged.left_out.height) == (0, 0)
    assert rank_praise(judged.approved).height == 0


def approvals(*rows: tuple[date, int, str]) -> pl.DataFrame:
    """Rows of mart_text__approvals: quarter, rank, words."""
    whole = [
        dict.fromkeys(APPROVALS)
        | {"department_id": OURS, "quarter_start_on": quarter, "rank": rank, "praise_text": text}
        for quarter, rank, text in rows
    ]
    return pl.DataFrame(whole, schema=APPROVALS)


def figures(n_praise: int | None, *, kind: str = "quarter", start: date = THIRD) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "department_id": [OURS], "period_kind_code": [kind], "period_start_on": [start],
            "n_praise": [n_praise],
        },
        schema_overrides={"n_praise": pl.Int64},
    )  # fmt: skip


FOUR = ((THIRD, 1, "yksi"), (THIRD, 2, "kaksi"), (THIRD, 3, "kolme"), (THIRD, 4, "neljä"))


def test_at_most_three_are_printed_in_their_order_one_a_line() -> None:
    shown = choose_examples(approvals(*reversed(FOUR)), figures(10))

    assert shown["praise_examples"].to_list() == ["yksi\nkaksi\nkolme"]


@pytest.mark.parametrize("n_praise", [None, 0, 9])
def test_no_word_is_printed_when_the_count_is_withheld_or_under_ten(n_praise: int | None) -> None:
    shown = choose_examples(approvals(*FOUR), figures(n_praise))

    assert shown["praise_examples"].to_list() == [None]


def test_a_year_prints_what_its_quarters_have_each_wording_once() -> None:
    rows = ((date(2026, 4, 1), 1, "kevät"), (THIRD, 1, "kevät"), (THIRD, 2, "kesä"))
    year = figures(40, kind="year", start=date(2026, 1, 1))

    assert choose_examples(approvals(*rows), year)["praise_examples"].to_list() == ["kevät\nkesä"]


def test_without_approvals_no_word_is_printed() -> None:
    shown = choose_examples(approvals(), figures(500))

    assert shown["praise_examples"].to_list() == [None]
    assert shown.schema["praise_examples"] == pl.String


def summary(text: str = "Neljänneksen aikana 1\u00a0234 palautetta.") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "department_id": [OURS], "period_kind_code": ["quarter"], "period_start_on": [THIRD],
            "summary_text": [text], "plain_text": ["Asukkaat antoivat palautetta."],
        }
    )  # fmt: skip


def summary_row(row_no: int = 2, **changes: str | None) -> pl.DataFrame:
    row = {
        "department_id": OURS, "period_kind_code": "quarter", "period_start_on": "1.7.2026",
        "summary_text": "Neljänneksen aikana 1 234 palautetta.",
        "plain_text": "Asukkaat antoivat palautetta.",
        "approved_by_unit_name": "Viestintä", "approved_on": "2026-10-15",
    } | changes  # fmt: skip
    schema = {"row_no": pl.Int64, **dict.fromkeys((*SUMMARY, *ANSWER), pl.String)}
    return pl.DataFrame([{"row_no": row_no, **row}], schema=schema)


def test_an_approved_summary_has_its_unit_and_day() -> None:
    judged = judge_summaries(summary_row(), departments=[OURS])

    marked = mark_approved(summary(), judged.approved)

    assert marked.select(ANSWER).rows() == [("Viestintä", date(2026, 10, 15))]
    assert marked.drop(ANSWER).equals(summary())
    assert add_outdated(judged, marked).height == 0


@pytest.mark.parametrize("column", ["summary_text", "plain_text"])
def test_the_approval_falls_away_when_a_word_of_either_text_changes(column: str) -> None:
    judged = judge_summaries(summary_row(5), departments=[OURS])
    changed = summary().with_columns(pl.lit("Neljänneksen aikana 1 235.").alias(column))

    marked = mark_approved(changed, judged.approved)

    assert marked.select(ANSWER).rows() == [(None, None)]
    left_out = add_outdated(judged, marked)
    assert left_out.select("row_no", "column_name").rows() == [(5, "summary_text")]


def test_an_old_approval_is_not_told_once_the_new_words_are_approved() -> None:
    rows = pl.concat([summary_row(3, summary_text="Neljänneksen aikana 7."), summary_row(2)])
    judged = judge_summaries(rows, departments=[OURS])

    marked = mark_approved(summary(), judged.approved)

    assert judged.approved.height == 2
    assert add_outdated(judged, marked).height == 0


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"department_id": "opetus"}, "period_start_on"),
        ({"department_id": None}, "period_start_on"),
        ({"period_kind_code": "month"}, "period_start_on"),
        ({"period_start_on": "kesä"}, "period_start_on"),
        ({"approved_on": "15/10/26"}, "approved_on"),
        ({"approved_by_unit_name": None}, "approved_by_unit_name"),
    ],
)
def test_a_summary_s_row_that_cannot_be_read_is_left_out(
    changes: dict[str, str | None], column: str
) -> None:
    judged = judge_summaries(summary_row(4, **changes), departments=[OURS])

    assert judged.approved.height == 0
    assert judged.left_out.select("row_no", "column_name").rows() == [(4, column)]


def test_tables_of_approvals_have_the_columns_of_their_contracts() -> None:
    lineage = {"snapshot_on", "input_fingerprint", "code_version", "taxonomy_version"}
    praise = rank_praise(judge_praise(praise_row(), found(ten())).approved)
    summaries = judge_summaries(summary_row(), departments=[OURS]).approved.drop("row_no")

    for frame, schema in ((praise, APPROVALS), (summaries, SUMMARY_APPROVALS)):
        promised = {name: kind for name, kind in schema.items() if name not in lineage}
        assert dict(frame.select(list(promised)).schema) == promised


def test_the_digest_is_of_both_texts_whatever_their_spaces() -> None:
    narrow = with_digest(summary())["words_sha256"].to_list()

    assert (
        narrow
        == with_digest(summary("Neljänneksen aikana 1 234  palautetta."))["words_sha256"].to_list()
    )
    assert (
        narrow
        != with_digest(summary("Neljänneksen aikana 1 235 palautetta."))["words_sha256"].to_list()
    )
