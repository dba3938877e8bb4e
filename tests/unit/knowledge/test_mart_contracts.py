"""Marts and their public forms have the columns and types of their contracts."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import yaml

from data_contracts.contract import load_codes, load_contracts
from data_contracts.told_audiences import read_told_audiences
from transforms.clean.reference import reference_table
from transforms.knowledge.action_plan import compute_action_plan
from transforms.knowledge.backlog import compute_backlog, select_backlog_rows
from transforms.knowledge.goal_evidence import compute_goals
from transforms.knowledge.heard import complete_heard_acts
from transforms.knowledge.initiative_status import InitiativeSettings, compute_initiative_status
from transforms.knowledge.measure_evidence import EVIDENCE_SCHEMA
from transforms.knowledge.measure_register import compute_measure_register
from transforms.knowledge.measure_review import ReviewFrames, compute_measure_review
from transforms.knowledge.quality_report import QualitySettings, compute_quality_report
from transforms.knowledge.response_times import ResponseTimeSettings, compute_response_times
from transforms.knowledge.satisfaction import SurveyFrames, compute_satisfaction
from transforms.knowledge.told_back import PromiseFrames, compute_told_back
from transforms.knowledge.topics import compute_topics, select_topic_rows
from transforms.privacy.printings import Thresholds
from transforms.privacy.public_tables import disclose_tables
from transforms.statistics.cells import dimension_members

CONTRACTS = Path(__file__).resolve().parents[3] / "data_contracts"
LINEAGE = {"snapshot_on", "input_fingerprint", "code_version", "taxonomy_version"}
TYPES = {
    "String": pl.String,
    "Int64": pl.Int64,
    "Float64": pl.Float64,
    "Boolean": pl.Boolean,
    "Date": pl.Date,
    "Datetime": pl.Datetime("us", "Europe/Helsinki"),
}
AS_OF = date(2024, 10, 31)
#: What reports are made of: they stand on published cells and are tested where they are made.
OF_REPORTS = {"action__plan_status", "budget__goal_evidence"}
ACT: dict[str, object] = {
    "act_id": "ticket|a", "text_id": "t", "act_type_code": "ticket", "acted_on": date(2024, 9, 3),
    "service_id": "kadut", "department_id": "kaupunkiymparisto", "is_forwarded": False,
    "month_on": date(2024, 9, 1), "kind_code": "moite", "sentiment_code": "negatiivinen",
}  # fmt: skip
LABEL: dict[str, object] = {
    "text_id": "t", "topics": "valaistus", "is_uninformative": False, "is_corrected": False,
    "n_words": 6,
}  # fmt: skip


@cache
def tables() -> dict[str, list[dict[str, object]]]:
    """Columns of every table as its contract declares them."""
    found = {}
    for path in sorted(CONTRACTS.glob("*.odcs.yaml")):
        for table in yaml.safe_load(path.read_text(encoding="utf-8"))["schema"]:
            found[table["name"]] = table["properties"]
    return found


def schema_of(table: str) -> pl.Schema:
    return pl.Schema(
        {
            column["name"]: TYPES[column["physicalType"]]
            for column in tables()[table]
            if column["name"] not in LINEAGE
        }
    )


def core(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    """A frame of a core table with rows that are null where not said otherwise."""
    schema = schema_of(table)
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def services() -> pl.DataFrame:
    return pl.read_csv(CONTRACTS / "codes" / "services.csv", infer_schema=False)


def all_members() -> pl.DataFrame:
    codes = CONTRACTS / "codes"
    return dimension_members(
        services=services(),
        departments=pl.read_csv(codes / "departments.csv", infer_schema=False),
        areas=pl.read_csv(codes / "areas.csv", infer_schema=False),
        channels=pl.read_csv(codes / "channel.csv", infer_schema=False),
    )


def places() -> pl.DataFrame:
    row = {"ticket_id": "a", "service_id": "kadut", "department_id": "kaupunkiymparisto"}
    return pl.DataFrame(
        [row | {"area_code": None, "channel_code": "web", "is_forwarded": False}],
        schema_overrides={"area_code": pl.String},
    )


def feedback(*, is_empty: bool) -> dict[str, pl.DataFrame]:
    moment = pl.Series(["2024-09-03 08:00"]).str.to_datetime(time_unit="us")
    received = moment.dt.replace_time_zone("Europe/Helsinki")[0]
    ticket = {"ticket_id": "a", "received_at": received}
    event = {"ticket_id": "a", "seq": 1, "event_code": "received", "event_at": received}
    frames = {
        "tickets": core("core_feedback__tickets", ticket),
        "events": core("core_feedback__events", event),
        "places": places(),
    }
    return {name: frame.head(0) for name, frame in frames.items()} if is_empty else frames


def marts(*, is_empty: bool) -> dict[str, pl.DataFrame]:
    keep = 0 if is_empty else 1
    data = feedback(is_empty=is_empty)
    key = {"survey_id": "k", "wave_code": "1"}
    wave = key | {"title": "Kysely"}
    scale = {"question_id": "q", "question_type_code": "scale", "role_code": "substantive"}
    ends = {"scale_min": 1.0, "scale_max": 5.0, "is_scale_reversed": False, "question_fi": "?"}
    respondent = key | {"respondent_id": "r"}
    answer = {"answer_kind_code": "valid", "answer_num": 3.0, "question_id": "q"}
    cube = pl.DataFrame(schema=schema_of("mart_heard__acts"))
    empty_labels = pl.DataFrame(
        schema={"initiative_id": pl.String, "service_id": pl.String, "department_id": pl.String}
    )
    entry = {"register_number": "1", "filed_on": date(2024, 9, 1)}
    delivery = {"delivery_sha256": "a" * 64, "table_name": "none", "source_code": "x"}
    landed = {"first_seen_at": data["tickets"]["received_at"][0]} if keep else {}
    return {
        "feedback__response_times": compute_response_times(
            **data, as_of=AS_OF, settings=ResponseTimeSettings(members=all_members())
        ),
        "feedback__backlog": compute_backlog(**data, members=all_members(), as_of=AS_OF),
        "service__satisfaction": compute_satisfaction(
            surveys=SurveyFrames(
                waves=core("core_surveys__waves", wave).head(keep),
                questions=core("core_surveys__questions", key | scale | ends).head(keep),
                respondents=core("core_surveys__respondents", respondent).head(keep),
                answers=core("core_surveys__answers", respondent | answer).head(keep),
            ),
            services=services(),
            as_of=AS_OF,
        ),
        "initiative__status": compute_initiative_status(
            initiatives=core("core_initiatives__initiatives").head(0),
            register=core("core_initiatives__register", entry).head(keep),
            labels=empty_labels,
            as_of=AS_OF,
            settings=InitiativeSettings(n_residents=66_556),
        ),
        "data__quality_report": compute_quality_report(
            files=core("core_deliveries__files", delivery | landed).head(keep),
            rejects={},
            accepted_dates=None,
            as_of=AS_OF,
            settings=QualitySettings(),
        ),
        "heard__acts": complete_heard_acts(cube=cube, members=all_members()),
        "feedback__topics": compute_topics(
            acts=core("core_acts__acts", ACT).head(keep),
            labels=core("core_text__labels", LABEL).head(keep),
            topics=load_codes()["topics"],
            as_of=AS_OF,
        ),
        **kept_by_hand(keep),
        **measures(keep),
    }


def kept_by_hand(keep: int) -> dict[str, pl.DataFrame]:
    """Marts of lists kept by hand, from one action, one message and one goal."""
    department = {"department_id": "kaupunkiymparisto", "n_masked": 0, "line_no": 2}
    row = department | {"delivery_sha256": "a" * 64}
    action = {"action_id": "KAU-1", "title": "Valot", "status_code": "planned"}
    days = {"created_on": date(2024, 9, 1), "due_on": date(2024, 9, 30)}
    message = {"message_id": "V-1", "about_kind_code": "action", "about_id": "KAU-1"}
    told = {"audiences": "employees", "message_channels": "web", "sent_on": date(2024, 9, 5)}
    goal = {"goal_id": "KAU-25", "budget_year": 2025, "goal_text": "Valaistus"}
    actions = core("core_actions__actions", row | action | days).head(keep)
    frames = PromiseFrames(
        actions=actions,
        decisions=core("core_actions__decisions").head(0),
        initiatives=pl.DataFrame(schema=schema_of("mart_initiative__status")),
        messages=core("core_actions__messages", row | message | told).head(keep),
        register=core("core_initiatives__register").head(0),
        heard=core("core_acts__acts", ACT).head(keep),
        audiences=read_told_audiences(),
    )
    return {
        "action__plan_status": compute_action_plan(actions, as_of=AS_OF),
        "budget__goal_evidence": compute_goals(core("core_budget__goals", row | goal).head(keep)),
        "told__back": compute_told_back(frames, departments=["kaupunkiymparisto"], as_of=AS_OF),
    }


def measures(keep: int) -> dict[str, pl.DataFrame]:
    """The register and the review of the model's measures; one of them has evidence."""
    name = "core_reference__measures"
    schema = load_contracts()[name].schema
    known = reference_table(name, codes=load_codes(), schema=schema)
    case = {
        "measure_id": "2023-2.3.2", "case_id": "event|T-1", "department_id": "konserni",
        "began_on": date(2024, 3, 4), "met_on": date(2024, 3, 4), "amount": 1.0,
        "n_cases": 1, "is_case": True, "is_evidence": True,
    }  # fmt: skip
    sources = {"measure_id": ["2023-2.3.2"], "source_from_on": [date(2024, 1, 1)]}
    frames = ReviewFrames(
        measures=known.head(known.height * keep),
        evidence=pl.DataFrame([case], schema=EVIDENCE_SCHEMA).head(keep),
        sources=pl.DataFrame(sources).head(keep),
        reviews=core("core_reference__measure_reviews").head(0),
    )
    return {
        "measure__register": compute_measure_register(frames.measures),
        "measure__review": compute_measure_review(frames, as_of=AS_OF),
    }


def to_print(marts_of: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The rows of the marts that are disclosed, by the names of their public tables."""
    rows = {f"public_{name}": mart for name, mart in marts_of.items() if name not in OF_REPORTS}
    backlog, topics = "public_feedback__backlog", "public_feedback__topics"
    rows[backlog] = select_backlog_rows(rows[backlog], as_of=AS_OF)
    rows[topics] = select_topic_rows(rows[topics])
    return rows


@pytest.mark.parametrize("is_empty", [False, True], ids=["with rows", "without rows"])
def test_marts_have_the_columns_and_types_of_their_contracts(*, is_empty: bool) -> None:
    for name, frame in marts(is_empty=is_empty).items():
        assert frame.schema == schema_of(f"mart_{name}"), name


@pytest.mark.parametrize("is_empty", [False, True], ids=["with rows", "without rows"])
def test_public_tables_have_the_columns_and_types_of_their_contracts(*, is_empty: bool) -> None:
    rows = to_print(marts(is_empty=is_empty))

    disclosed = disclose_tables(
        rows,
        as_of=AS_OF,
        thresholds=Thresholds(open=5, background=10),
        services=services(),
    )

    for name, public in disclosed.tables.items():
        assert public.schema == schema_of(name), name


def test_required_columns_of_the_marts_hold_no_null() -> None:
    for name, frame in marts(is_empty=False).items():
        if name == "data__quality_report":
            continue  # its rows here are null by construction
        required = [
            column["name"]
            for column in tables()[f"mart_{name}"]
            if column.get("required") and column["name"] not in LINEAGE
        ]
        assert frame.select(required).null_count().sum_horizontal().item() == 0, name


def test_keys_of_the_marts_are_unique() -> None:
    for name, frame in marts(is_empty=False).items():
        key = [c["name"] for c in tables()[f"mart_{name}"] if c.get("primaryKey")]
        assert frame.select(key).is_duplicated().sum() == 0, name
