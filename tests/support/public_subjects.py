"""Public tables of the invented city on what it does, tells back and promises, and who is heard.

Together with ``public_tables`` these are all the public tables. Deterministic; small counts of
people are withheld as the real tables do it, and the unknown are rows of their own.
"""

import math
from datetime import date, timedelta

import polars as pl

from data_contracts.contract import load_codes
from tests.support.public_processes import process_rows
from tests.support.public_tables import SHOWN, SNAPSHOT, WITHHELD, framed, levels, public_tables

_Rows = list[dict[str, object]]
_OWN = ("konserni", "sivistys_hyvinvointi", "kaupunkiymparisto", "elinvoima")
_QUARTERS = [date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
_LATEST = date(2026, 7, 1)
_BACKGROUND_THRESHOLD = 10
HOSTILE_ACTION = "<img src=x onerror=alert(1)> Alikulun valaistus uusitaan"
PLAIN_TEXT = "Asukkaat antoivat palautetta. Asukkaat puhuivat eniten näistä asioista: valaistus."


def all_public_tables() -> dict[str, pl.DataFrame]:
    """Every public table by contract name."""
    subjects = {
        "public_feedback__topics": _topics(),
        "public_feedback__area_differences": _area_differences(),
        "public_satisfaction__change": _changes(),
        "public_survey__representativeness": _respondents(),
        "public_department__feedback_summary": _summaries(),
        "public_action__plan_status": _actions(),
        "public_told__back": _told(),
        "public_measure__register": _measures(),
        "public_measure__review": _reviews(),
        "public_group__heard_index": _groups(),
        "public_group__heard_processes": process_rows(),
        "public_budget__goal_evidence": _goals(),
        "public_budget__evidence_snapshots": [],
        "public_initiative__council_list": _council_list(),
        "public_data__suppression_ledger": _ledger(),
    }
    return {**public_tables(), **{name: framed(name, rows) for name, rows in subjects.items()}}


def _wilson(count: int, of: int) -> tuple[float, float, float]:
    share, z = count / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return share, middle - half, middle + half


def _topics() -> _Rows:
    topics = load_codes()["topics"]["topic_id"].to_list()
    rows: _Rows = []
    for code, value, weight in levels():
        if code == "channel":
            continue
        texts = round(weight * 8)
        for kind, start in (("last_12_months", date(2025, 11, 1)), ("quarter", _LATEST)):
            for index, topic in enumerate(topics):
                count = round(texts * 0.2 / (1 + index))
                key = {
                    "dimension_code": code, "dimension_value": value, "period_kind_code": kind,
                    "period_start_on": start, "act_type_code": "all", "topic_id": topic,
                    "is_new_topic": index == 4, "coder_code": "model",
                }  # fmt: skip
                rows.append(key | _topic_figures(count, texts, index))
    return rows


def _topic_figures(count: int, texts: int, index: int) -> dict[str, object]:
    if count < 5:
        return dict(WITHHELD)
    share, low, high = _wilson(count, texts)
    return {
        "n_texts": texts, "n_documents": count, "share": share, "share_low": low,
        "share_high": high, "n_praise": max(5, count // 6), "n_problem": max(5, count // 2),
        "n_wish": max(5, count // 5), "n_question": 0, "sentiment_mean": -0.2,
        "growth_ratio": None if index == 4 else (1.42, 0.97, 0.71)[index % 3],
        "growth_p_bh": None if index == 4 else (0.001, 0.6, 0.01)[index % 3],
        "unassigned_share": 0.31, "uninformative_share": 0.08, **SHOWN,
    }  # fmt: skip


def _area_differences() -> _Rows:
    key = {
        "period_kind_code": "last_12_months", "period_start_on": date(2025, 11, 1),
        "milestone_code": "done", "clock_code": "calendar", "n_areas": 4,
        "degrees_of_freedom": 3,
    }  # fmt: skip
    tests = (("city", "all", 0.012), ("service", "kadut", 0.0004), ("service", "puistot", 0.44))
    return [
        {
            **key, "dimension_code": level, "dimension_value": value, "p_value": p / 2,
            "p_value_bh": p, "is_different": p < 0.05, "log_rank_chi_square": 11.0,
        }
        for level, value, p in tests
    ]  # fmt: skip


def _changes() -> _Rows:
    services = {r["service_id"]: r["department_id"] for r in load_codes()["services"].to_dicts()}
    told = (
        ("kirjasto", "kirjasto", "Aukioloajat", 0.09, "better", None),
        ("kirjasto", "kirjasto", "Henkilökunnan palvelu", 0.01, "no_evidence", None),
        (
            "kirjasto",
            "kirjasto",
            "Kokoelman monipuolisuus",
            None,
            "not_comparable",
            "question_text",
        ),
        ("katujen_kunto", "kadut", "Katujen talvikunnossapito", -0.12, "worse", None),
        ("katujen_kunto", "kadut", "Puistojen hoito", 0.03, "no_evidence", None),
        ("pieni", "museo", "Näyttelyn kiinnostavuus", None, None, None),
    )
    return [
        {
            "survey_id": survey, "wave_code": "2026-1", "question_id": f"k{index}",
            "previous_wave_code": "2025-1", "service_id": service,
            "department_id": services[service], "survey_title": f"{survey} 2026",
            "question_fi": question, "closed_on": date(2026, 3, 31), "is_preliminary": False,
            "is_open_survey": survey == "kirjasto", "is_weighted": False, "break_codes": breaks,
            **_change_figures(change, verdict),
        }
        for index, (survey, service, question, change, verdict, breaks) in enumerate(told)
    ]  # fmt: skip


def _change_figures(change: float | None, verdict: str | None) -> dict[str, object]:
    if verdict is None:
        return dict(WITHHELD)
    shares = {"top2_share_previous": 0.6, "top2_share": 0.6 + (change or 0.0)}
    if change is None:
        return {"n_previous": 380, "n": 412, "verdict_code": verdict, **shares, **SHOWN}
    return {
        "n_previous": 380, "n": 412, **shares, "top2_difference": change,
        "top2_difference_low": change - 0.06, "top2_difference_high": change + 0.06,
        "p_value": 0.01, "p_value_bh": 0.02, "verdict_code": verdict, **SHOWN,
    }  # fmt: skip


def _respondents() -> _Rows:
    bands = (
        ("0_14", 0.17, 0), ("15_24", 0.12, 61), ("25_44", 0.26, 214), ("45_64", 0.24, 388),
        ("65_79", 0.15, 402), ("80_", 0.06, 8),
    )  # fmt: skip
    rows: _Rows = []
    for survey, title, is_open in (
        ("katujen_kunto", "Kadut ja puistot: asukaskysely 2026", False),
        ("kirjasto", "Kirjaston asiakaskysely 2026", True),
    ):
        key = {
            "survey_id": survey, "wave_code": "2026-1", "survey_title": title,
            "closed_on": date(2026, 3, 31), "is_preliminary": False, "is_open_survey": is_open,
            "frame_code": "residents",
            "weight_scheme_code": "raked", "warning_code":
            "self_selected_weighted" if is_open else "none",
        }  # fmt: skip
        total = sum(count for _, _, count in bands) + 24
        rows.append(
            {
                **key, "breakdown_code": "total", "breakdown_value": "all",
                "n_invited": None if is_open else 4000, "n_respondents": total,
                "response_rate": None if is_open else total / 4000,
                "r_indicator": None if is_open else 0.78, "weight_variables": "age_band",
                "deff": 1.4, "n_eff": total / 1.4, "is_converged": True, **SHOWN,
            }
        )  # fmt: skip
        for band, population, count in (*bands, ("unknown", None, 24)):
            rows.append({**key, **_band(band, population, count, total)})
    return rows


def _band(band: str, population: float | None, count: int, total: int) -> dict[str, object]:
    key = {"breakdown_code": "age_band", "breakdown_value": band, "population_share": population}
    if 0 < count < _BACKGROUND_THRESHOLD:
        return {**key, **WITHHELD}
    share = count / total
    ratio = None if population is None else share / population
    return {
        **key, "n_respondents": count, "respondent_share": share, "ratio": ratio,
        "weighted_share": population, **SHOWN,
    }  # fmt: skip


def _summaries() -> _Rows:
    cell = (
        "feedback_topics.n_documents[dimension_code=department;dimension_value={0};"
        "period_kind_code=quarter;period_start_on={1};act_type_code=all;topic_id=valaistus]"
    )
    own = (
        "department_feedback_summary.n_tickets[department_id={0};period_kind_code=quarter;"
        "period_start_on={1}]"
    )
    labels = dict(load_codes()["departments"].select("department_id", "name_fi").iter_rows())
    return [
        {
            "department_id": name, "period_kind_code": "quarter", "period_start_on": start,
            "n_tickets": 412, "n_answers": 280, "n_notes": None, "n_better": 1, "n_worse": 0,
            "n_no_evidence": 2, "n_not_comparable": 1, "n_actions_new": 3, "n_actions_done": 2,
            "summary_text": (
                f"Neljänneksen aikana {labels[name]} sai asukkailta 412 palautetta, 280 "
                "kyselyvastausta ja henkilöstön kirjaamia havaintoja (määrää ei julkaista). "
                "Eniten puhuttiin näistä aiheista: valaistus (57). Puolet palautteista "
                "käsiteltiin 3,1 vuorokaudessa. Toimenpidesuunnitelmaan otettiin 3 uutta "
                "toimenpidettä, ja valmiiksi saatiin 2 toimenpidettä."
            ),
            "plain_text": PLAIN_TEXT,
            "cited_cells": "\n".join(
                ("412\t" + own.format(name, start), "57\t" + cell.format(name, start))
            ),
            "approved_by_unit_name": "Konsernijohto" if name == "konserni" else None,
            "approved_on": SNAPSHOT if name == "konserni" else None,
        }
        for name in _OWN
        for start in _QUARTERS
    ]  # fmt: skip


def _actions() -> _Rows:
    share = "service_satisfaction.top2_share[survey_id=kirjasto;wave_code=2025-1;question_id=k1]"
    told = (
        ("kaupunkiymparisto", HOSTILE_ACTION, "done", date(2026, 9, 14), 0, "better"),
        ("kaupunkiymparisto", "Aurauskalusto Kivistöön", "under_way", None, 23, "not_measured"),
        ("kaupunkiymparisto", "Puiston penkit", "planned", None, 0, "not_measured"),
        ("sivistys_hyvinvointi", "Kirjaston iltavuoro", "done", date(2026, 5, 2), 4, "no_evidence"),
        ("sivistys_hyvinvointi", "Kyselyn uusi asteikko", "done", date(2026, 2, 1), None,
         "not_comparable"),
        ("konserni", "Palautelomake kolmella kielellä", "dropped", date(2026, 1, 9), None,
         "not_measured"),
    )  # fmt: skip
    return [
        {
            "action_id": f"T{index}", "department_id": department, "title": title,
            "groups": "nuoret;vanhukset" if index == 0 else None, "topic_id": "valaistus",
            "created_on": date(2025, 9, 1), "due_on": None if late is None else date(2026, 10, 8),
            "status_code": status, "closed_on": closed, "days_late": late,
            "effect_reference": share, "effect_verdict_code": verdict,
            **_effect(verdict),
        }
        for index, (department, title, status, closed, late, verdict) in enumerate(told)
    ]  # fmt: skip


def _effect(verdict: str) -> dict[str, object]:
    change = {"better": 0.14, "no_evidence": 0.02}.get(verdict)
    if change is None:
        return {}
    return {
        "value_before": 0.41, "value_after": 0.41 + change, "effect": change,
        "effect_low": change - 0.08, "effect_high": change + 0.08,
    }  # fmt: skip


def _told() -> _Rows:
    kinds = ("all", "feedback_summary", "action", "initiative")
    audiences = ("all", "employees", "residents", "stakeholders")
    rows: _Rows = []
    for department in ("all", *_OWN):
        size = 4 if department == "all" else 1
        for quarter in [*_QUARTERS, date(2026, 10, 1)]:
            for kind in kinds:
                promises = (6 if kind == "all" else 2) * size
                for audience in audiences:
                    told = promises - size * (2 if audience in ("all", "stakeholders") else 0)
                    if quarter == date(2026, 10, 1):
                        told = max(0, told - 2 * size)
                    share, low, high = _wilson(max(told, 0), promises)
                    rows.append(
                        {
                            "department_id": department, "quarter_start_on": quarter,
                            "promise_kind_code": kind, "audience_code": audience,
                            "n_promises": promises, "n_told": max(told, 0), "told_share": share,
                            "told_share_low": low, "told_share_high": high,
                            "median_days_to_tell": 21.0 if share > 0.5 else None,
                            "audiences_missing": "stakeholders" if share < 1 else None,
                            "message_channels": "website;some",
                        }
                    )  # fmt: skip
    return rows


def _measures() -> _Rows:
    frame = load_codes()["measures"]
    starts = {"2020": date(2020, 1, 1), "2023": date(2023, 1, 1)}
    return [
        {
            **row, "title_fi": row["name_fi"], "title_sv": row["name_sv"],
            "title_en": row["name_en"], "part_code": row["part"],
            "has_goal_sentence": row["has_goal_sentence"] == "true",
            "target_value": float(row["target_value"]) if row["target_value"] else None,
            "starts_on": _day(row["starts_on"]), "ends_on": _day(row["ends_on"]),
            "valid_from": starts[row["model_version"]],
            "valid_to": date(2022, 12, 31) if row["model_version"] == "2020" else None,
        }
        for row in frame.cast(pl.String).to_dicts()
    ]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _reviews() -> _Rows:
    states = ("reached", "under_way", "late", "not_started", None)
    rows: _Rows = []
    for index, measure in enumerate(_measures()):
        is_new = measure["model_version"] == "2023"
        for year in (2024, 2025, 2026) if is_new else (2021, 2022):
            state = (
                states[(index + year) % len(states)]
                if is_new
                else ("replaced", "lapsed")[index % 2]
            )
            for department in ("all", "kaupunkiymparisto", "konserni"):
                rows.append(_review(measure, year, department, state))
    return rows


def _review(
    measure: dict[str, object], year: int, department: str, state: str | None
) -> dict[str, object]:
    is_withheld = measure["section"] == "2.4.1" and department == "konserni"
    has_source = state is not None
    return {
        "measure_id": measure["measure_id"], "review_year": year, "department_id": department,
        "model_version": measure["model_version"], "status_code": state,
        "status_source_code": "computed" if has_source else None, "status_computed_code": state,
        "status_judged_code": "under_way" if measure["section"] == "2.1.2" else None,
        "is_disagreement": measure["section"] == "2.1.2" and state != "under_way",
        "indicator_id": "core_actions__actions.closed_on" if has_source else None,
        "indicator_value": None if is_withheld or not has_source else 1.0,
        "target_value": measure["target_value"], "target_unit_code": measure["target_unit_code"],
        "n_evidence": None if is_withheld else 0 if state in (None, "not_started") else 12,
        "has_data": has_source, "is_blind_spot": state in (None, "not_started"),
        "last_evidence_on": date(year, 8, 3) if has_source else None,
        "next_step": "Sovitaan aikataulu toimialojen kanssa." if state == "late" else None,
        "figures_on": SNAPSHOT, "is_closed_year": year < SNAPSHOT.year,
        "is_from_residents_acts": measure["section"] == "2.4.1",
        **(WITHHELD if is_withheld else SHOWN),
    }  # fmt: skip


def _groups() -> _Rows:
    shares = {"lapset": 0.19, "nuoret": 0.12, "vanhukset": 0.21, "maahanmuuttajat": 0.06,
              "vammaiset": None, "unknown": None}  # fmt: skip
    heard = {
        "survey": (0.02, 0.09, 0.31, 0.015, 0.04, 0.08),
        "event": (0.22, 0.15, 0.24, 0.004, 0.05, 0.11),
    }
    rows: _Rows = []
    for way, parts in heard.items():
        total = 1100 if way == "survey" else 640
        for (group, population), share in zip(shares.items(), parts, strict=True):
            rows.append(_group(group, way, round(total * share), total, population))
    for group, population in shares.items():
        for way in ("ticket", "initiative", "idea"):
            rows.append({"group_code": group, "heard_channel_code": way, "calendar_year": 2026,
                         "is_recorded": False, "population_share": population, **SHOWN,
                         **_gaps(way)})  # fmt: skip
        is_known = population is not None and group != "maahanmuuttajat"
        index = 0.71 if is_known else None
        rows.append(
            {
                "group_code": group, "heard_channel_code": "all", "calendar_year": 2026,
                "is_recorded": True, "n_heard": None if group == "maahanmuuttajat" else 300,
                "heard_index": index, "heard_index_low": index and 0.6,
                "heard_index_high": index and 0.82, "is_index_complete": index and False,
                "n_actions_citing_group": 3, "n_support_given": None,
                **(WITHHELD if group == "maahanmuuttajat" else SHOWN),
            }
        )  # fmt: skip
    return rows


def _gaps(way: str) -> dict[str, object]:
    if way != "ticket":
        return {}
    gaps = {"response_time_gap_days": 1.4, "response_time_gap_low_days": -0.6}
    return {"n_texts_of_group": 44, **gaps, "response_time_gap_high_days": 3.4}


def _group(
    group: str, way: str, count: int, total: int, population: float | None
) -> dict[str, object]:
    key = {"group_code": group, "heard_channel_code": way, "calendar_year": 2026,
           "is_recorded": True, "population_share": population}  # fmt: skip
    if count < _BACKGROUND_THRESHOLD:
        return {**key, **WITHHELD}
    share, low, high = _wilson(count, total)
    ratios = (None,) * 3 if population is None else (share / population, low / population,
                                                    high / population)  # fmt: skip
    gap = -0.04 if way == "survey" and group != "unknown" else None
    return {
        **key, "n_heard": count, "heard_share": share, "ratio": ratios[0], "ratio_low": ratios[1],
        "ratio_high": ratios[2], "satisfaction_gap": gap,
        "satisfaction_gap_low": gap and -0.09, "satisfaction_gap_high": gap and 0.01, **SHOWN,
    }  # fmt: skip


def _goals() -> _Rows:
    cell = (
        "service_satisfaction.top2_share[survey_id=katujen_kunto;wave_code=2026-1;question_id=k0]"
    )
    told = (("found", "strong", 0.38), ("withheld", "none", None), ("none", "none", None))
    return [
        {
            "goal_id": f"G{index}", "department_id": "kaupunkiymparisto", "budget_year": 2027,
            "goal_text": ("Katujen talvihoito paranee", "Museon aukiolo", "Torin viihtyisyys")[
                index
            ],
            "budget_eur": 120_000.0 if index == 0 else None, "priority_rank": index + 1,
            "evidence_reference": cell if state == "found" else None,
            "evidence_state_code": state, "evidence_value": value,
            "evidence_low": value and 0.33, "evidence_high": value and 0.43, "n_evidence": 412,
            "n_residents_affected": None if index == 1 else 6000, "strength_code": strength,
            "frozen_on": date(2026, 4, 30) if value else None,
            "decided_on": date(2026, 11, 16) if index == 0 else None,
            **(WITHHELD if index == 1 else SHOWN),
        }
        for index, (state, strength, value) in enumerate(told)
    ]  # fmt: skip


def _council_list() -> _Rows:
    return [
        {
            "report_year": year, "initiative_id": f"{9000 + index}", "title": None,
            "department_id": "kaupunkiymparisto", "filed_on": date(year - index % 2, 5, 1),
            "is_new": index % 2 == 0, "decision_on": date(year, 9, 1) if index < 2 else None,
            "days_pending": 120, "is_overdue": index == 3, "told_author_on": None,
        }
        for year in (2025, 2026)
        for index in range(4)
    ]  # fmt: skip


def _ledger() -> _Rows:
    return [
        {
            "table_name": "public_heard__acts", "column_name": column,
            "cell_key": f"dimension_code=service|day={SNAPSHOT - timedelta(days=index)}",
        }
        for column in ("n_acts", "n_praise")
        for index in range(6)
    ]  # fmt: skip
