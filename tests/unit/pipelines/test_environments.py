"""Settings typed at the edge: what is missing, unknown or of another kind is said in a sentence."""

import stat
from datetime import date
from pathlib import Path

import pytest

from assets.errors import SettingsError
from pipelines.environments import (
    DEMO_AS_OF,
    default_data_dir,
    demo_settings,
    file_settings,
    folder_settings,
    settings_from_environment,
)
from tests.support.sources import ROOT

GOOD_KEY = "sixteen letters!"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "SETTINGS",
        "SOURCE_DIR",
        "DATA_DIR",
        "PSEUDONYM_KEY",
        "GEOREPORT_API_KEY",
        "WEBROPOL_USERNAME",
        "WEBROPOL_PASSWORD",
    ):
        monkeypatch.delenv(f"KUULOLLA_{name}", raising=False)


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_says_the_defaults(tmp_path: Path) -> None:
    example = (ROOT / "settings.example.toml").read_text(encoding="utf-8")

    shown = file_settings(written(tmp_path, example), data_dir=None, as_of=None)
    bare = file_settings(written(tmp_path, ""), data_dir=None, as_of=None)

    assert shown == bare


def test_every_key_has_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [city]
        name = "Lapua"
        municipality_code = "408"
        residents = 14000
        lat_min = 62
        [paths]
        data_dir = "kept"
        source_dir = "exports"
        corrections_dir = "korjaukset"
        [sources.georeport]
        address = "https://palaute.example/georeport/v2"
        since = 2023-01-01
        requests_per_second = 1
        [freshness_hours]
        palvelupiste = 192
        [disclosure]
        threshold_open = 7
        [sla_hours]
        kadut = 336
        [run]
        as_of = 2026-10-31
        n_processes = 1
        accepted_damage = ["0a1b"]
        """,
    )

    found = file_settings(path, data_dir=None, as_of=None)

    assert (found.city.name, found.city.municipality_code, found.city.residents) == (
        "Lapua",
        "408",
        14000,
    )
    assert (found.data_dir, found.source_dir) == (tmp_path / "kept", tmp_path / "exports")
    assert found.corrections_dir == tmp_path / "korjaukset"
    assert found.georeport is not None
    assert (found.georeport.address, found.georeport.since) == (
        "https://palaute.example/georeport/v2",
        date(2023, 1, 1),
    )
    assert found.source_freshness_hours == {"palvelupiste": 192}
    assert (found.disclosure.threshold_open, found.disclosure.threshold_background) == (7, 10)
    assert found.sla_hours == {"kadut": 336}
    assert (found.as_of, found.n_processes) == (date(2026, 10, 31), 1)
    assert found.accepted_damage == frozenset({"0a1b"})
    assert not found.is_demo


def test_the_command_line_goes_before_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[paths]\ndata_dir = "kept"\n[run]\nas_of = 2026-10-31\n')

    found = file_settings(path, data_dir=tmp_path / "other", as_of=date(2026, 1, 1))

    assert (found.data_dir, found.as_of) == (tmp_path / "other", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("city = ", r"is not readable as TOML \(.*\)\. Compare it with settings\.example\.toml"),
        ("[town]", "unknown key 'town', expected one of city, disclosure, freshness_hours, "),
        ("[city]\nresident = 5", "unknown key 'city.resident', expected one of lat_max"),
        ("[paths]\nout = 'x'", "unknown key 'paths.out', expected one of corrections_dir, data_di"),
        ("[run]\nthreads = 2", "unknown key 'run.threads', expected one of accepted_damage"),
        ("[sources.trello]", "unknown key 'sources.trello', expected one of georeport, "),
        (
            "[sources.georeport]\naddress = 'x'\nuser = 'y'",
            "unknown key 'sources.georeport.user', expected one of address",
        ),
        ("[sources.georeport]\nfreshness_hours = 5", "Settings lack 'sources.georeport.address'"),
        ("[disclosure]\nleast = 5", "unknown key 'disclosure.least', expected one of threshold_"),
        ("city = 5", "Setting 'city' is a whole number, expected a table"),
        ("sources = []", "Setting 'sources' is a list, expected a table"),
        ("[sources]\nwebropol = 'x'", "'sources.webropol' is a text, expected a table"),
        ("[city]\nresidents = 'many'", "'city.residents' is a text, expected a whole number"),
        ("[city]\nmunicipality_code = 743", "'city.municipality_code' is a whole number, expec"),
        ("[city]\nresidents_on = 2024-10-31T00:00:00", "is a moment, expected a day such as"),
        ("[city]\nlat_min = true", "'city.lat_min' is true or false, expected a number"),
        ("[disclosure]\nthreshold_open = 4.5", "'disclosure.threshold_open' is a number, expec"),
        ("[run]\nas_of = '2026-10-31'", "'run.as_of' is a text, expected a day such as 2026-10"),
        ("[run]\naccepted_damage = '0a1b'", "'run.accepted_damage' is a text, expected a list"),
        ("[paths]\ndata_dir = 5", "'paths.data_dir' is a whole number, expected a text"),
        ("[sla_hours]\nkadut = '336'", "'sla_hours.kadut' is a text, expected a number"),
        ("[freshness_hours]\nx = []", "'freshness_hours.x' is a list, expected a number"),
        (
            "[sources.webropol]\naddress = 'x'\nsince = 'eilen'",
            "'sources.webropol.since' is a text, expected a day",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(
    text: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        file_settings(written(tmp_path, text), data_dir=None, as_of=None)


def test_a_file_that_is_not_there_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"is not there\. Copy settings\.example\.toml"):
        file_settings(tmp_path / "no.toml", data_dir=None, as_of=None)


def test_a_file_that_is_no_text_is_not_readable(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="is not readable as TOML"):
        file_settings(path, data_dir=None, as_of=None)


@pytest.mark.parametrize("secret", ["username", "password", "api_key"])
@pytest.mark.parametrize("source", ["georeport", "webropol", "kuntalaisaloite"])
def test_secrets_may_not_stand_in_the_file(secret: str, source: str, tmp_path: Path) -> None:
    text = f"[sources.{source}]\naddress = 'https://x.example'\n{secret} = 'merkkisana'\n"

    with pytest.raises(SettingsError, match=f"unknown key 'sources.{source}.{secret}'") as caught:
        file_settings(written(tmp_path, text), data_dir=None, as_of=None)

    assert "merkkisana" not in str(caught.value)


def test_secrets_come_from_the_environment_and_are_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GEOREPORT_API_KEY", "WEBROPOL_USERNAME", "WEBROPOL_PASSWORD"):
        monkeypatch.setenv(f"KUULOLLA_{name}", f"merkki {name}")
    monkeypatch.setenv("KUULOLLA_PSEUDONYM_KEY", GOOD_KEY)
    text = "[sources.georeport]\naddress = 'x'\n[sources.webropol]\naddress = 'y'\n"

    found = file_settings(written(tmp_path, text), data_dir=None, as_of=None)

    assert found.georeport is not None
    assert found.webropol is not None
    assert found.georeport.api_key == "merkki GEOREPORT_API_KEY"
    assert (found.webropol.username, found.webropol.password) == (
        "merkki WEBROPOL_USERNAME",
        "merkki WEBROPOL_PASSWORD",
    )
    assert "merkki GEOREPORT_API_KEY" not in repr(found)
    assert "merkki WEBROPOL_PASSWORD" not in repr(found)
    assert GOOD_KEY not in repr(found)


def test_the_pseudonym_key_of_the_environment_is_used_and_not_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUULOLLA_PSEUDONYM_KEY", GOOD_KEY)

    found = folder_settings(tmp_path / "data", tmp_path, None)

    assert found.pseudonym_key == GOOD_KEY.encode()
    assert not (tmp_path / "data").exists()


def test_a_short_pseudonym_key_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUULOLLA_PSEUDONYM_KEY", GOOD_KEY[:-1])

    with pytest.raises(SettingsError, match="has 15 bytes, expected at least 16") as caught:
        folder_settings(tmp_path / "data", tmp_path, None)

    assert GOOD_KEY[:-1] not in str(caught.value)


def test_a_data_folder_makes_a_key_of_its_own_that_its_owner_alone_can_read(
    tmp_path: Path,
) -> None:
    first = folder_settings(tmp_path / "data", tmp_path, None)
    again = folder_settings(tmp_path / "data", tmp_path, None)
    other = folder_settings(tmp_path / "other", tmp_path, None)

    path = tmp_path / "data" / "state" / "pseudonym.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first.pseudonym_key) == 64
    assert first.pseudonym_key == again.pseudonym_key
    assert first.pseudonym_key != other.pseudonym_key


def test_a_source_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Source folder '.*exports' is not there"):
        folder_settings(tmp_path / "data", tmp_path / "exports", None)


def test_the_demo_city_has_its_own_folder_day_and_key(tmp_path: Path) -> None:
    found = demo_settings(tmp_path)

    assert found.is_demo
    assert (found.source_dir, found.as_of) == (tmp_path / "demo", DEMO_AS_OF)
    assert not (tmp_path / "state").exists()


def test_without_a_word_the_environment_means_the_demo_city(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path))

    assert default_data_dir() == tmp_path
    assert settings_from_environment() == demo_settings(tmp_path)


def test_the_environment_names_a_folder_or_before_it_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KUULOLLA_SOURCE_DIR", str(tmp_path))
    by_folder = settings_from_environment()
    monkeypatch.setenv("KUULOLLA_SETTINGS", str(written(tmp_path, "[city]\nname = 'Lapua'\n")))
    by_file = settings_from_environment()

    assert (by_folder.source_dir, by_folder.city.name) == (tmp_path, "Seinäjoki")
    assert (by_file.source_dir, by_file.city.name) == (None, "Lapua")


def test_threshold_of_two_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[disclosure]\nthreshold_open = 2\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"threshold of 2.*expected at least 3"):
        file_settings(path, data_dir=tmp_path, as_of=None)


def test_promise_of_an_unknown_service_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[sla_hours]\nkatu = 72\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"'sla_hours.katu'"):
        file_settings(path, data_dir=tmp_path, as_of=None)
