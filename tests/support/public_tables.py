"""Public tables of an invented city, whole and plausible, for tests of pages and exports.

Deterministic; every figure under five is withheld as the real tables do it. Titles hold hostile
text on purpose.
"""

import math
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from data_contracts.contract import load_codes, load_contracts

SNAPSHOT = date(2026, 10, 31)
THRESHOLD = 5
HOSTILE_TITLE = "<script>alert('x')</script> & \"valoja\" Törnävälle"
_MONTHS = [date(y, m, 1) for y in (2023, 2024, 2025, 2026) for m in range(1, 13)]
MONTHS = [m for m in _MONTHS if date(2023, 11, 1) <= m <= SNAPSHOT]
_STAMP = {
    "snapshot_on": SNAPSHOT,
    "input_fingerprint": "0" * 64,
    "code_version": "0.1.0",
    "taxonomy_version": "2026-1",
}
SHOWN = {"is_suppressed": False, "suppress_reason_code": "none"}
WITHHELD = {"is_suppressed": True, "suppress_reason_code": "primary_small_n"}
_WEIGHTS = {
    "kadut": 90, "valaistus": 40, "puistot": 34, "liikenne": 30, "kavely_pyoraily": 22,
    "pysakointi": 18, "joukkoliikenne": 12, "kaavoitus": 9, "asuminen": 5, "liikunta": 26,
    "kirjasto": 18, "perusopetus": 16, "varhaiskasvatus": 14, "kulttuuri": 7, "nuoriso": 6,
    "museo": 2, "digiapu": 6, "avustukset_tilat": 3, "osallisuus": 9, "kansainvaliset": 5,
    "tyollisyys_yritykset": 8, "hallinto_viestinta": 8, "muu": 20, "ei_kaupunki": 12,
}  # fmt: skip


def public_tables() -> dict[str, pl.DataFrame]:
    """Every public table by contract name: six with rows, the others empty, with their columns.

    ``public_subjects.all_public_tables`` has rows in all of them.
    """
    rows = {
        "public_feedback__response_times": _times(),
        "public_feedback__backlog": _backlog(),
        "public_service__satisfaction": _satisfaction(),
        "public_initiative__status": _initiatives(),
        "public_data__quality_report": _quality(),
        "public_heard__acts": _heard(),
    }
    names = [table.name for table in load_contracts().values() if table.layer == "public"]
    return {name: framed(name, rows.get(name, [])) for name in names}


def levels() -> list[tuple[str, str, float]]:
    """Every level and value with its share of the monthly volume."""
    services = load_codes()["services"].to_dicts()
    by_department: dict[str, float] = {}
    found: list[tuple[str, str, float]] = [("city", "all", float(sum(_WEIGHTS.values())))]
    for row in services:
        weight = _WEIGHTS.get(row["service_id"])
        if weight is not None:
            found.append(("service", row["service_id"], float(weight)))
            name = row["department_id"]
            by_department[name] = by_department.get(name, 0.0) + weight
    found += [("department", name, weight) for name, weight in by_department.items()]
    areas = {"lantinen": 180, "itainen": 140, "pohjoinen": 40, "etelainen": 30, "unknown": 40}
    found += [("area", name, float(weight)) for name, weight in areas.items()]
    channels = {"web": 190, "app": 110, "email": 50, "phone": 40, "desk": 20, "staff": 18}
    return found + [("channel", name, float(weight)) for name, weight in channels.items()]


def _wave(index: int, *, size: float, phase: float) -> float:
    return 1 + size * math.sin(index / 12 * 2 * math.pi + phase)


def _periods() -> list[tuple[str, date, float, int]]:
    months = [("month", m, 1.0, i) for i, m in enumerate(MONTHS)]
    years = [("year", date(y, 1, 1), 12.0, 14 + 12 * i) for i, y in enumerate((2024, 2025))]
    return [*months, *years, ("last_12_months", date(2025, 11, 1), 12.2, len(MONTHS) - 6)]


def _times() -> list[dict[str, object]]:
    rows = []
    for code, value, weight in levels():
        for kind, start, scale, index in _periods():
            for milestone, factor in (("first_reply", 0.4), ("acknowledged", 0.2), ("done", 1.0)):
                key = {
                    "dimension_code": code, "dimension_value": value, "period_kind_code": kind,
                    "period_start_on": start, "milestone_code": milestone,
                    "clock_code": "calendar",
                }  # fmt: skip
                count = round(weight * scale * _wave(index, size=0.25, phase=1.0))
                figures = _time_figures(count, index, factor, weight)
                if value in ("ulkopuolinen", "ei_kaupunki") and count >= THRESHOLD:
                    figures["n_forwarded"] = count if count < 2 * THRESHOLD else count - THRESHOLD
                rows.append(key | figures)
    return rows


def _time_figures(count: int, index: int, factor: float, weight: float) -> dict[str, object]:
    if count < THRESHOLD:
        return dict(WITHHELD)
    hours = (60 + weight % 37 * 2 + 40 * _wave(index, size=0.35, phase=0.4)) * factor - index * 0.6
    spread = 1.6 / math.sqrt(count)
    is_unbounded = count < 2 * THRESHOLD
    share = min(0.97, 0.9 - hours / 900)
    return {
        "n_tickets": count,
        "n_events": count - count // 9,
        "n_censored": count // 9,
        "km_median_hours": hours,
        "km_median_low_hours": hours * (1 - min(spread, 0.7)),
        "km_median_high_hours": None if is_unbounded else hours * (1 + spread),
        "share_within_1_days": share * 0.3,
        "share_within_5_days": share * 0.7,
        "share_within_14_days": share,
        "share_within_30_days": min(1.0, share * 1.08),
        "rmst_30_days": hours / 24 * 1.3,
        "rmst_30_days_se": 0.2,
        "reopened_share": 0.03,
        "n_forwarded": 0,
        **SHOWN,
    }


def _backlog() -> list[dict[str, object]]:
    ends = [(m.replace(day=28) + timedelta(days=4)).replace(day=1) for m in MONTHS]
    month_ends = [day - timedelta(days=1) for day in ends]
    days = {SNAPSHOT - timedelta(days=i) for i in range(92)} | set(month_ends)
    rows = []
    for code, value, weight in levels():
        for day in sorted(days):
            index = (day.year - 2023) * 12 + day.month
            count = round(weight * 0.7 * _wave(index, size=0.3, phase=2.0))
            key = {"dimension_code": code, "dimension_value": value, "day_on": day}
            rows.append(key | _open_figures(count, weight, is_month_end=day in month_ends))
    return rows


def _open_figures(count: int, weight: float, *, is_month_end: bool) -> dict[str, object]:
    if count < THRESHOLD:
        return dict(WITHHELD)
    flow = round(weight if is_month_end else weight / 30)
    old = count // 4
    return {
        "n_received": flow if flow >= THRESHOLD or flow == 0 else None,
        "n_closed": flow + 6 if flow >= THRESHOLD else None,
        "n_reopened": 0,
        "n_open": count,
        "n_open_over_14_days": count // 2 if count // 2 >= THRESHOLD else None,
        "n_open_over_30_days": old if old >= THRESHOLD or old == 0 else None,
        "oldest_open_days": 214,
        "n_unassigned": 0,
        "net_flow_28_days": -6.0,
        "days_to_clear": count / max(weight / 30, 0.1),
        "is_suppressed": flow < THRESHOLD or old < THRESHOLD,
        "suppress_reason_code": "primary_small_n" if flow < THRESHOLD else "none",
    }


_SURVEYS: Mapping[str, tuple[str, str, tuple[tuple[str, float], ...]]] = {
    "kirjasto": (
        "Kirjaston asiakaskysely",
        "kirjasto",
        (
            ("Kuinka tyytyväinen olet kirjaston palveluihin kokonaisuutena?", 0.86),
            ("Aukioloajat", 0.71),
            ("Henkilökunnan palvelu", 0.93),
            ("Kokoelman monipuolisuus ja ajantasaisuus sinua kiinnostavilla aloilla", 0.66),
        ),
    ),
    "liikuntapaikat": (
        "Liikuntapaikkojen käyttäjäkysely",
        "liikunta",
        (("Uimahallin siisteys", 0.62), ("Latujen kunto", 0.78), ("Vuorojen varaaminen", 0.41)),
    ),
    "katujen_kunto": (
        "Kadut ja puistot: asukaskysely",
        "kadut",
        (
            ("Katujen talvikunnossapito", 0.38),
            ("Kävely- ja pyöräväylien kunto", 0.52),
            ("Puistojen hoito", 0.74),
        ),
    ),
    "pieni": ("Museon kävijäkysely", "museo", (("Näyttelyn kiinnostavuus", 0.8),)),
}


def _satisfaction() -> list[dict[str, object]]:
    departments = {r["service_id"]: r["department_id"] for r in load_codes()["services"].to_dicts()}
    rows = []
    for survey, (title, service, questions) in _SURVEYS.items():
        for wave, shift in (("2025-1", -0.04), ("2026-1", 0.0)):
            for index, (question, share) in enumerate(questions):
                row = {
                    "survey_id": survey, "wave_code": wave, "question_id": f"k{index}",
                    "breakdown_code": "total", "breakdown_value": "all", "service_id": service,
                    "department_id": departments[service], "survey_title": f"{title} {wave[:4]}",
                    "question_fi": question, "closed_on": date(int(wave[:4]), 3, 31),
                    "is_preliminary": False, "is_open_survey": survey != "katujen_kunto",
                    "is_weighted": False, "scale_min": 1.0, "scale_max": 5.0,
                }  # fmt: skip
                count = 3 if survey == "pieni" else 412 - 90 * index
                rows.append(row | _answer_figures(count, share + shift * (index + 1)))
    return rows


def _answer_figures(count: int, share: float) -> dict[str, object]:
    if count < THRESHOLD:
        return dict(WITHHELD)
    half = 1.96 * math.sqrt(share * (1 - share) / count)
    return {
        "n": count, "n_eff": float(count), "deff": 1.0, "mean": 1 + 4 * share * 0.9,
        "mean_se": 0.05, "mean_low": 4 * share * 0.9 + 0.9, "mean_high": 4 * share * 0.9 + 1.1,
        "top2_share": share, "top2_low": share - half, "top2_high": min(1.0, share + half),
        "bottom2_share": (1 - share) / 2, "dont_know_share": 0.04, "item_nonresponse_share": 0.02,
        **SHOWN,
    }  # fmt: skip


def _initiatives() -> list[dict[str, object]]:
    titles = [
        HOSTILE_TITLE, "=HYPERLINK(\"http://example.invalid\")", "Pyörätie Nurmosta keskustaan",
        "Koirapuisto Kertunlaaksoon", "Lisää penkkejä jokirantaan", None,
        "Kirjaston aukioloaikojen pidentäminen", "Uimarannan laituri kuntoon",
        "- parempi valaistus koulutielle", "Suojatie Ruukintielle", "Skeittipaikka Joupiskalle",
        "Leikkipuisto Pohjaan",
    ]  # fmt: skip
    return [_initiative(index, title) for index, title in enumerate(titles)]


def _initiative(index: int, title: str | None) -> dict[str, object]:
    filed = date(2025, 1, 15) + timedelta(days=50 * index)
    decided = filed + timedelta(days=120) if index < 7 else None
    support = (34, 1820, 212, 88, 12, None, 402, 61, 9, 77, 1402, 18)[index]
    reached = support is not None and support > 1330
    pending = ((decided or SNAPSHOT) - filed).days
    departments = ("kaupunkiymparisto", "sivistys_hyvinvointi", "kaupunkiymparisto")
    services = ("kavely_pyoraily", "kirjasto", "puistot")
    return {
        "initiative_id": f"{9000 + index}", "source_code": "kuntalaisaloite", "title": title,
        "service_id": services[index % 3], "department_id": departments[index % 3],
        "initiative_type_code": "COLLABORATIVE" if title else "PAPER",
        "published_on": filed - timedelta(days=20) if title else None,
        "sent_on": filed, "filed_on": filed, "registered_on": filed + timedelta(days=4),
        "n_supporters": support, "threshold_n": 1330,
        "supporters_residents_share": None if support is None else support / 66500,
        "threshold_status_code": "unknown" if support is None
        else "possibly_reached" if reached else "below",
        "six_month_due_on": filed + timedelta(days=181) if reached else None,
        "days_to_registration": 4, "days_to_decision": 120 if decided else None,
        "days_pending": pending, "decision_on": decided,
        "decision_code": ("accepted", "rejected", "noted")[index % 3] if decided else None,
        "progress_published_on": decided, "progress_channels": "web" if decided else None,
        "is_overdue": None if not reached else decided is None and pending > 181,
        "is_vanished": False, **SHOWN,
    }  # fmt: skip


def _quality() -> list[dict[str, object]]:
    sources = {
        "georeport": ("georeport_requests", "core_feedback__tickets", 61),
        "kuntalaisaloite": ("kuntalaisaloite_list", "core_initiatives__initiatives", 4),
        "webropol": ("webropol_responses", "core_surveys__answers", 12),
    }
    rows = []
    for position, (source, (kind, table, count)) in enumerate(sources.items()):
        for index in range(count):
            rejected = 7 if index % 9 == 4 else 0
            rows.append(
                {
                    "delivery_id": f"{position:02d}{index:010x}", "table_name": table,
                    "source_code": source, "format_code": kind,
                    "first_seen_on": SNAPSHOT - timedelta(days=index), "n_bytes": 120_000,
                    "encoding_name": "utf-8", "n_rows_in": 900, "n_accepted": 880 - rejected,
                    "n_rejected": rejected, "n_duplicate": 20,
                    "reasons": "unreadable_date=4;text_missing=3" if rejected else "",
                    "min_on": date(2023, 11, 1),
                    "max_on": SNAPSHOT - timedelta(days=40 if source == "webropol" else 0),
                    "n_late": 0, "freshness_hours": 960.0 if source == "webropol" else 12.0,
                    "freshness_limit_hours": 72.0, "is_stale": source == "webropol",
                    "contract_version": "1.0.0", "verdict_code": "degraded" if rejected else "ok",
                }
            )  # fmt: skip
    return rows


def _heard() -> list[dict[str, object]]:
    ways = {
        "all": 1.9,
        "ticket": 1.0,
        "answer": 0.75,
        "idea": 0.08,
        "initiative": 0.01,
        "note": 0.06,
    }
    rows = []
    ever = ("all", MONTHS[0], float(len(MONTHS)), len(MONTHS))
    for code, value, weight in levels():
        for kind, start, scale, index in [*_periods(), ever]:
            for way, factor in ways.items():
                count = round(weight * scale * factor * _wave(index, size=0.3, phase=0.7))
                key = {
                    "dimension_code": code, "dimension_value": value, "period_kind_code": kind,
                    "period_start_on": start, "act_type_code": way,
                }  # fmt: skip
                rows.append(key | _heard_figures(count))
    return rows


def _heard_figures(count: int) -> dict[str, object]:
    if count < 8 * THRESHOLD:
        return {"n_acts": count, **WITHHELD} if count >= THRESHOLD else dict(WITHHELD)
    texts = round(count * 0.7)
    shares = {
        "n_fault": 0.33, "n_complaint": 0.24, "n_question": 0.12, "n_proposal": 0.18,
        "n_praise": 0.13, "n_positive": 0.24, "n_neutral": 0.34, "n_negative": 0.42,
    }  # fmt: skip
    counts = {name: max(round(texts * share), THRESHOLD) for name, share in shares.items()}
    return {
        "n_acts": count, "n_texts": texts, **counts, "unsure_share": 0.11, "n_forwarded": 0,
        **SHOWN,
    }  # fmt: skip


def framed(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as the table's contract has them; a column that a row lacks is null."""
    schema = load_contracts()[name].schema
    full = [{column: (row | _STAMP).get(column) for column in schema} for row in rows]
    return pl.DataFrame(full, schema=schema, orient="row")
