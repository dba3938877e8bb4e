"""The command line: the job, the UI, checks of the code, generated docs."""

import os
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from assets.errors import HouseError, SettingsError
from assets.lease import BusyError, lease
from assets.settings import Settings
from pipelines import environments

EXIT_FAILED, EXIT_USAGE, EXIT_BUSY = 1, 2, 4

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Run a command; errors that a person can mend are printed without a traceback."""
    try:
        app()
    except BusyError as error:
        _stop(str(error), EXIT_BUSY)
    except SettingsError as error:
        _stop(str(error), EXIT_USAGE)
    except HouseError as error:
        _stop(str(error), EXIT_FAILED)


@app.command()
def job(
    source_dir: Annotated[Path | None, typer.Option(help="A folder of real exports.")] = None,
    settings: Annotated[Path | None, typer.Option(help="A settings.toml.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Snapshot day; yesterday without it."),
    ] = None,
) -> None:
    """Run the nightly job: without options over the demo city, which is built first."""
    began = time.perf_counter()
    from assets.house import House
    from pipelines.nightly import run_nightly
    from pipelines.summary import render_summary

    chosen = _settings(source_dir, settings, data_dir, as_of.date() if as_of else None)
    now = datetime.now(UTC)
    with lease(chosen.data_dir / "state", now=now):
        if chosen.is_demo:
            _build_demo(chosen.data_dir / "demo")
        house = House(chosen, now=now)
        outcome = run_nightly(house)
        seconds = time.perf_counter() - began
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(render_summary(house, outcome, seconds=seconds, peak_mb=peak_mb))
    if not outcome.succeeded:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def classify(
    source: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet with columns id and text.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="CSV, XLSX or Parquet to write.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="Show which words decided for the row of this id.")
    ] = None,
    explain_column: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--explain-column", help="Add a column of the words that decided.")
    ] = False,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Data folder whose nightly models are used; own models without it."),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes for large tables.")] = 2,
) -> None:
    """Tell of every text of a table its language, service, kind, sentiment, topics and more."""
    began = time.perf_counter()
    from pipelines import classify as work

    if (output is None) == (explain is None):
        raise SettingsError("Give either -o OUT for labels or --explain ID for the words behind.")
    kept = _resolved(environments.default_data_dir()) / "classify"
    folder = _resolved(data_dir) if data_dir else kept
    classifier = work.prepare_classifier(folder / "models", is_own=data_dir is None, say=_tell)
    if explain is not None:
        rows = work.explain_row(_resolved(source), explain, classifier)
        print(work.render_explanation(rows))
        return
    if output is not None:
        target = _resolved(output)
        tally = work.classify_file(
            _resolved(source),
            target,
            classifier,
            n_processes=processes,
            is_explained=explain_column,
            say=_tell,
        )
        print(work.render_tally(tally, target, seconds=time.perf_counter() - began))


@app.command()
def templates(
    folder: Annotated[Path | None, typer.Argument(help="Folder to write them to.")] = None,
    check: Annotated[  # the files are read, nothing is written
        list[Path] | None, typer.Option(help="Tell what a filled template lacks; repeatable.")
    ] = None,
) -> None:
    """Write the templates of lists kept by hand, or check filled ones."""
    from pipelines.templates import check_template, write_templates

    if (folder is None) == (not check):
        raise SettingsError("Give either a folder for the templates or --check FILE.")
    if folder is not None:
        for path in write_templates(_resolved(folder)):
            print(path)
        return
    reports = [check_template(_resolved(path)) for path in check or []]
    print("\n".join(report.text for report in reports))
    if any(report.has_faults for report in reports):
        raise typer.Exit(EXIT_FAILED)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3000,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
) -> None:
    """Open the Dagster UI with its daemon: schedule and sensors run while it is open."""
    from assets.folders import Folders
    from pipelines.nightly import prepare_instance

    folder = _resolved(data_dir or environments.default_data_dir())
    os.environ["KUULOLLA_DATA_DIR"] = str(folder)
    home = prepare_instance(Folders(folder))
    print(f"Dagster UI: http://127.0.0.1:{port} (stop with Ctrl-C)", file=sys.stderr)
    os.environ["DAGSTER_HOME"] = str(home)
    command = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(command, [str(command), *arguments])  # noqa: S606 - our own program


@app.command()
def check() -> None:
    """Format, lint, types, import rules and generated docs."""
    from pipelines.documents import stale_documents

    steps = {
        "format": ["ruff", "format", "--check", "--quiet", "."],
        "lint": ["ruff", "check", "--quiet", "."],
        "types": ["mypy"],
        "imports": ["lint-imports", "--no-cache"],
    }
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    if stale := stale_documents():
        print(f"docs: {', '.join(stale)} differ from what ./run docs writes", file=sys.stderr)
        failed.append("docs")
    if failed:
        _stop(f"Checks failed: {', '.join(failed)}.", EXIT_FAILED)
    print("checks: format, lint, types, imports and docs are in order")


@app.command()
def docs() -> None:
    """Write the generated docs anew."""
    from pipelines.documents import write_documents

    for path in write_documents():
        print(path)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def evals(context: typer.Context) -> None:
    """Measure the text models, print the table and write docs/evals.md; options go to evals."""
    raise typer.Exit(subprocess.call([sys.executable, "-m", "evals", *context.args]))


def _settings(
    source_dir: Path | None, settings: Path | None, data_dir: Path | None, as_of: date | None
) -> Settings:
    if source_dir and settings:
        raise SettingsError("Both --source-dir and --settings were given. Give one of them.")
    folder = _resolved(data_dir) if data_dir else None
    if settings:
        return environments.file_settings(_resolved(settings), data_dir=folder, as_of=as_of)
    base = folder or _resolved(environments.default_data_dir())
    if source_dir:
        kept = base if data_dir else base / "own"
        return environments.folder_settings(kept, _resolved(source_dir), as_of)
    return environments.demo_settings(base)


def _resolved(path: Path) -> Path:
    """A path as the caller meant it, from wherever ``./run`` was called."""
    return Path(os.environ.get("KUULOLLA_CALLER", ".")).joinpath(path).resolve()


def _build_demo(folder: Path) -> None:
    from demo_city.city import build_demo_city

    if not folder.exists():
        print("Building the demo city (about ten seconds) …", file=sys.stderr)

    def say(part: str, count: int) -> None:
        print(f"  {part}: {count:,}".replace(",", " "), file=sys.stderr)

    build_demo_city(folder, progress=say)


def _tell(sentence: str) -> None:
    print(sentence, end="", file=sys.stderr, flush=True)


def _passes(name: str, command: list[str]) -> bool:
    program = Path(sys.executable).with_name(command[0])
    began = time.perf_counter()
    code = subprocess.call([str(program), *command[1:]])
    mark = "✓" if code == 0 else "✗"
    print(f"{mark} {name} ({time.perf_counter() - began:.1f} s)", file=sys.stderr)
    return code == 0


def _stop(sentence: str, code: int) -> None:
    print(f"✗ {sentence}", file=sys.stderr)
    raise SystemExit(code)
