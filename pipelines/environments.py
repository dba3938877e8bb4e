"""Settings from a file, the environment and the command line, typed at the edge.

Three ways to say where data come from: nothing (the demo city), a folder of exports, or a
``settings.toml`` with live addresses. Secrets come from the environment alone; without a key in
the environment a data folder makes one of its own, which never leaves it.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from assets.errors import SettingsError
from assets.settings import ApiSource, City, Disclosure, Settings
from data_contracts.contract import code_values
from transforms.privacy.pseudonymise import SHORTEST_KEY

_T = TypeVar("_T")

DEFAULT_DATA_DIR = Path("data")
DEMO_AS_OF = date(2026, 10, 31)
_DEMO_KEY = b"kuulolla: a key for a city that is not"
_ENV = "KUULOLLA_"
#: A cell of one or two cases is withheld whatever a city sets (0 < cell < 3).
LEAST_THRESHOLD = 3
_RUN: Mapping[str, type] = {"as_of": date, "n_processes": int, "accepted_damage": list}
_TABLES = {"city", "paths", "sources", "freshness_hours", "disclosure", "sla_hours", "run"}
_KINDS: Mapping[type, str] = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a number",
    date: "a day such as 2026-10-31",
    list: "a list",
    dict: "a table",
}
_API_SECRETS: Mapping[str, Mapping[str, str]] = {
    "kuntalaisaloite": {},
    "georeport": {"api_key": "GEOREPORT_API_KEY"},
    "pxweb": {},
    "webropol": {"username": "WEBROPOL_USERNAME", "password": "WEBROPOL_PASSWORD"},
}


def default_data_dir() -> Path:
    """``KUULOLLA_DATA_DIR``, or ``data`` beside the program."""
    return Path(os.environ.get(_ENV + "DATA_DIR", DEFAULT_DATA_DIR))


def demo_settings(data_dir: Path) -> Settings:
    """The demo city's settings: its own folder of exports, snapshot day and open key."""
    return Settings(
        data_dir=data_dir,
        pseudonym_key=_DEMO_KEY,
        source_dir=data_dir / "demo",
        as_of=DEMO_AS_OF,
        is_demo=True,
    )


def folder_settings(data_dir: Path, source_dir: Path, as_of: date | None) -> Settings:
    """Settings for a folder of real exports."""
    if not source_dir.is_dir():
        raise SettingsError(
            f"Source folder '{source_dir}' is not there, expected a folder of exports. "
            "Name an existing one with --source-dir."
        )
    return Settings(
        data_dir=data_dir,
        pseudonym_key=_pseudonym_key(data_dir),
        source_dir=source_dir,
        as_of=as_of,
    )


def file_settings(path: Path, *, data_dir: Path | None, as_of: date | None) -> Settings:
    """Settings from a ``settings.toml``; ``settings.example.toml`` explains every key.

    Raises:
        SettingsError: If the file, a key or a value is not what is expected.
    """
    document = _read_toml(path)
    _known_keys(document, _TABLES, "")
    tables = {name: _of_kind(document.get(name, {}), dict, name) for name in sorted(_TABLES)}
    paths, sources = tables["paths"], tables["sources"]
    run = _known_kinds(tables["run"], _RUN, "run.")
    _known_kinds(paths, dict.fromkeys(("data_dir", "source_dir", "corrections_dir"), str), "paths.")
    _known_keys(sources, set(_API_SECRETS), "sources.")
    _known_keys(tables["sla_hours"], set(code_values("services")), "sla_hours.")
    base = path.resolve().parent
    folder = data_dir or base / paths.get("data_dir", DEFAULT_DATA_DIR)
    return Settings(
        data_dir=folder,
        pseudonym_key=_pseudonym_key(folder),
        city=_typed(City, tables["city"], "city."),
        source_dir=base / paths["source_dir"] if "source_dir" in paths else None,
        corrections_dir=base / paths["corrections_dir"] if "corrections_dir" in paths else None,
        source_freshness_hours=_hours(tables["freshness_hours"], "freshness_hours."),
        kuntalaisaloite=_api_source("kuntalaisaloite", sources),
        georeport=_api_source("georeport", sources),
        webropol=_api_source("webropol", sources),
        pxweb=_api_source("pxweb", sources),
        disclosure=_disclosure(tables["disclosure"]),
        sla_hours=_hours(tables["sla_hours"], "sla_hours."),
        as_of=as_of or run.get("as_of"),
        n_processes=run.get("n_processes", 2),
        accepted_damage=frozenset(run.get("accepted_damage", [])),
    )


def settings_from_environment() -> Settings:
    """What the Dagster UI and daemon use: ``KUULOLLA_SETTINGS``, ``…_SOURCE_DIR`` or the demo."""
    data_dir = default_data_dir()
    if path := os.environ.get(_ENV + "SETTINGS"):
        return file_settings(Path(path), data_dir=None, as_of=None)
    if folder := os.environ.get(_ENV + "SOURCE_DIR"):
        return folder_settings(data_dir, Path(folder), as_of=None)
    return demo_settings(data_dir)


def _disclosure(values: Mapping[str, Any]) -> Disclosure:
    disclosure = _typed(Disclosure, values, "disclosure.")
    least = min(disclosure.threshold_open, disclosure.threshold_background)
    if least < LEAST_THRESHOLD:
        raise SettingsError(
            f"Settings have a threshold of {least} under 'disclosure', expected at least "
            f"{LEAST_THRESHOLD}: a figure of one or two cases is never published. Raise it."
        )
    return disclosure


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"Settings file '{path}' is not there. Copy settings.example.toml and name it with "
            "--settings."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Settings file '{path}' is not readable as TOML ({error}). "
            "Compare it with settings.example.toml."
        ) from error


def _known_keys(found: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise SettingsError(
            f"Settings have the unknown key '{where}{unknown[0]}', expected one of "
            f"{', '.join(sorted(known))}. Mend or remove it."
        )


def _known_kinds(
    found: Mapping[str, Any], kinds: Mapping[str, Any], where: str
) -> Mapping[str, Any]:
    _known_keys(found, set(kinds), where)
    for name, value in found.items():
        _of_kind(value, kinds[name], where + name)
    return found


def _of_kind(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401 - a value of TOML
    """The value, when it is of the kind that the setting has (of ``kind | None``: of ``kind``)."""
    wanted = next((k for k in get_args(kind) if k is not type(None)), kind)
    accepted = (int, float) if wanted is float else wanted
    is_other = isinstance(value, bool | datetime)  # Python counts them as numbers and days
    if is_other or not isinstance(value, accepted):
        found = _KINDS.get(type(value), "a moment")
        raise SettingsError(
            f"Setting '{where}' is {found}, expected {_KINDS[wanted]}. "
            "Compare it with settings.example.toml."
        )
    return value


def _hours(found: Mapping[str, Any], where: str) -> Mapping[str, float]:
    return _known_kinds(found, dict.fromkeys(found, float), where)


def _typed(kind: type[_T], values: Mapping[str, Any], where: str) -> _T:
    return kind(**_known_kinds(values, get_type_hints(kind), where))


def _api_source(name: str, sources: Mapping[str, Any]) -> ApiSource | None:
    if name not in sources:
        return None
    values = _of_kind(sources[name], dict, f"sources.{name}")
    secret = _API_SECRETS[name]
    open_fields = {f.name for f in fields(ApiSource)} - {"username", "password", "api_key"}
    kinds = get_type_hints(ApiSource)
    _known_kinds(values, {n: kinds[n] for n in sorted(open_fields)}, f"sources.{name}.")
    if "address" not in values:
        raise SettingsError(f"Settings lack 'sources.{name}.address'. Give it, or drop the table.")
    found: dict[str, Any] = {k: os.environ.get(_ENV + env) for k, env in secret.items()}
    return ApiSource(**values, **found)


def _pseudonym_key(data_dir: Path) -> bytes:
    if given := os.environ.get(_ENV + "PSEUDONYM_KEY"):
        if len(given.encode()) < SHORTEST_KEY:
            raise SettingsError(
                f"{_ENV}PSEUDONYM_KEY has {len(given.encode())} bytes, expected at least "
                f"{SHORTEST_KEY}. Set a longer one, or none: the data folder then makes its own."
            )
        return given.encode()
    path = data_dir / "state" / "pseudonym.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32))
    return path.read_bytes()
