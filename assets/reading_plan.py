"""What is to be read: every delivery with the sidecars that explain it, each with one id.

The id is a hash of the delivery's bytes, its sidecars' bytes, the settings that reading depends on
and the program that reads. A delivery whose id is already kept is not read again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import PurePosixPath

from assets import atomic
from assets.house import House
from assets.raw_store import Slip
from assets.store import fingerprint_of
from assets.versions import intake_version
from transforms.parse.column_map import ColumnMap, matching_map, read_column_map
from transforms.parse.parsed import RefusedFileError
from transforms.parse.questionnaire import Questionnaire, parse_questionnaire
from transforms.parse.service_map import read_service_map
from transforms.parse.sniff import find_format, read_header, table_format
from transforms.parse.template_map import template_maps

TABLE = "table"
_TEMPLATE = "_template.columns.toml"
_SURVEY_ID = re.compile(rb'\s*\{\s*"SurveyId"\s*:\s*"([\w-]*)"')


@dataclass(frozen=True, slots=True)
class Sidecars:
    """Everything that explains how to read something else; the latest of each name wins."""

    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    column_maps: Mapping[str, ColumnMap] = field(default_factory=dict)
    service_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery, how to read it, and the id of that reading."""

    reading_id: str
    slip: Slip
    format_code: str
    source_code: str
    questionnaire: Questionnaire | None = None
    column_map: ColumnMap | None = None
    service_map: Mapping[str, str] = field(default_factory=dict)
    sidecar_error: str | None = None


def plan_readings(house: House) -> list[Plan]:
    """A plan for every delivery ever landed, in order of content hash."""
    slips = house.raw.slips()
    looks = _look_at(house, slips)
    sidecars = _sidecars(house, slips, looks)
    return [_plan(house, slip, looks[slip.sha256], sidecars) for slip in slips]


@dataclass(frozen=True, slots=True)
class _Look:
    format_code: str
    header: tuple[str, ...]


def _look_at(house: House, slips: Sequence[Slip]) -> dict[str, _Look]:
    """Format and header of every content; each content is looked at once."""
    path = house.folders.intake / "looks.json"
    kept = json.loads(path.read_bytes()) if path.exists() else {}
    known = kept.get(intake_version(), {})
    fresh = [slip for slip in slips if slip.sha256 not in known]
    for slip in fresh:
        content = house.raw.content(slip)
        code = find_format(slip.name, content)
        known[slip.sha256] = [code, list(_explaining(code, slip.name, content))]
    if fresh:
        atomic.write_json(path, {intake_version(): known})
    return {
        slip.sha256: _Look(code, tuple(h)) for slip in slips for code, h in [known[slip.sha256]]
    }


def _explaining(code: str, name: str, content: bytes) -> Sequence[str]:
    """What of a content tells which sidecar explains it: a table's header, a survey's id."""
    if code == TABLE:
        return read_header(name, content)
    if code == "webropol_responses":
        return (_survey_id(content),)
    return ()


def _sidecars(house: House, slips: Sequence[Slip], looks: Mapping[str, _Look]) -> Sidecars:
    questionnaires: dict[str, Questionnaire] = {}
    column_maps: dict[str, ColumnMap] = dict(_shipped_maps())
    service_maps: dict[str, Mapping[str, str]] = {}
    hashes: dict[str, str] = {}
    errors: dict[str, str] = {}
    for slip in sorted(slips, key=lambda s: (s.first_seen_at, s.sha256)):
        code = looks[slip.sha256].format_code
        if code not in {"questionnaire", "column_map", "service_map"}:
            continue
        content = house.raw.content(slip)
        # A copy beside another table is the same content, seen under another name.
        stems = [_stem(sighting["name"]) for sighting in slip.sightings]
        try:
            if code == "questionnaire":
                read = parse_questionnaire(content)
                questionnaires.update(dict.fromkeys(stems, read))
                if read.survey.source_survey_id:
                    questionnaires[read.survey.source_survey_id.lower()] = read
                    hashes[read.survey.source_survey_id.lower()] = slip.sha256
            elif code == "column_map":
                column_maps.update(dict.fromkeys(stems, read_column_map(content, name=slip.name)))
            else:
                service_maps[slip.source_code] = read_service_map(content)
                hashes[f"services of {slip.source_code}"] = slip.sha256
        except RefusedFileError as error:
            errors[slip.sha256] = str(error)
            continue
        hashes.update(dict.fromkeys(stems, slip.sha256))
    # Templates come last: a city's own map of the same columns knows better.
    return Sidecars(questionnaires, column_maps | template_maps(), service_maps, hashes, errors)


def _plan(house: House, slip: Slip, look: _Look, sidecars: Sidecars) -> Plan:
    code, stem = look.format_code, _stem(slip.name)
    questionnaire = column_map = None
    if code == TABLE:
        maps = list(sidecars.column_maps.values())
        code = table_format(
            PurePosixPath(slip.name).name, _beside(slip.name, sidecars), look.header, maps
        )
        questionnaire = sidecars.questionnaires.get(stem) if code == "survey_table" else None
        if code == "column_mapped_table":
            column_map = sidecars.column_maps.get(stem) or matching_map(look.header, maps)
            column_map = column_map.fitted(look.header) if column_map else None
    elif code.startswith("webropol"):
        stem = look.header[0].lower() if look.header else _folder_of(slip.address)
        questionnaire = sidecars.questionnaires.get(stem)
    # A template names no source of its own: its rows are the folder's.
    source = (column_map.source if column_map else "") or slip.source_code
    services = f"services of {source}"
    used = {
        "sidecar": sidecars.hashes.get(stem) if questionnaire or column_map else None,
        "map": column_map,
        "services": sidecars.hashes.get(services),
    }
    reading_id = fingerprint_of(
        {
            "content": slip.sha256,
            "source": source,
            "format": code,
            "program": intake_version(),
            "city": house.settings.city,
            "key": fingerprint_of({"key": house.settings.pseudonym_key.hex()}),
            **used,
        }
    )
    service_map = sidecars.service_maps.get(source, {})
    error = sidecars.errors.get(slip.sha256)
    return Plan(reading_id, slip, code, source, questionnaire, column_map, service_map, error)


def _beside(name: str, sidecars: Sidecars) -> list[str]:
    """File names of the sidecars that have a table's own name."""
    stem = PurePosixPath(name).stem
    named = (
        (".questionnaire.toml", sidecars.questionnaires),
        (".columns.toml", sidecars.column_maps),
    )
    return [stem + ending for ending, known in named if stem in known]


def _survey_id(content: bytes) -> str:
    """The survey that a Webropol file names; empty for a damaged one, which its parser refuses.

    Where the id comes first and nothing else is called so, the rest need not be read for it.
    """
    first = _SURVEY_ID.match(content)
    if first and content.count(b'"SurveyId"') == 1:
        return first.group(1).decode()
    try:
        document = json.loads(content)
    except ValueError:
        return ""
    return str(document.get("SurveyId", "")) if isinstance(document, dict) else ""


def _folder_of(name: str) -> str:
    parts = PurePosixPath(name).parts
    return parts[-2].lower() if len(parts) > 1 else ""


def _stem(name: str) -> str:
    base = PurePosixPath(name).name
    for ending in (".questionnaire.toml", ".columns.toml"):
        base = base.removesuffix(ending)
    return base.rsplit(".", 1)[0] if not base.endswith(".toml") else base


def _shipped_maps() -> dict[str, ColumnMap]:
    folder = files("data_contracts") / "column_maps"
    return {
        _stem(entry.name): read_column_map(entry.read_bytes(), name=entry.name)
        for entry in folder.iterdir()
        if entry.name.endswith(".columns.toml") and not entry.name.endswith(_TEMPLATE)
    }
