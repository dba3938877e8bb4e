"""Services in figures: what has been heard of each, and how long it takes them to answer."""

from transforms.publish.backlog import latest_open
from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Missing, Value
from transforms.publish.heard import latest_heard, share_of_texts
from transforms.publish.public_tables import (
    BACKLOG,
    HEARD,
    RESPONSE_TIMES,
    Level,
    cell,
    median_cell,
)
from transforms.publish.waiting import latest_done, within_14


def department_services(desk: Desk, department: str) -> DataTable:
    """The services of a department."""
    services = desk.labels.services(department, desk.about.snapshot_on)
    return _services(desk, services, identity="services")


def all_services(desk: Desk) -> DataTable:
    """The services of every department."""
    day = desk.about.snapshot_on
    services = [s for d in desk.labels.departments(day) for s in desk.labels.services(d, day)]
    return _services(desk, services, identity="all-services")


def _services(desk: Desk, services: list[str], *, identity: str) -> DataTable:
    words = desk.words
    fields = (
        Field(words("field.service")),
        Field(words("field.n_acts"), "count"),
        Field(words("field.n_tickets"), "count"),
        Field(words("field.median_done"), "duration"),
        Field(words("field.share_14"), "share"),
        Field(words("field.open"), "count"),
        Field(words("field.open_30"), "count"),
        Field(words("field.negative"), "share"),
    )
    grid = Grid(fields, tuple(_service_row(desk, s) for s in services))
    return DataTable(
        id=identity,
        caption=words("services.caption"),
        grid=grid,
        notes=(desk.words(f"period.{desk.tables.span(HEARD)[0]}"), *desk.notes(grid)),
        datasets=(HEARD, RESPONSE_TIMES, BACKLOG),
    )


def _service_row(desk: Desk, service: str) -> tuple[Value, ...]:
    level = Level("service", service)
    heard, done, backlog = (
        latest_heard(desk, level),
        latest_done(desk, level),
        latest_open(desk, level),
    )
    times: tuple[Value, ...] = (
        desk.gap(median_cell(done), RESPONSE_TIMES),
        desk.gap(within_14(done), RESPONSE_TIMES),
        desk.gap(cell(backlog, "n_open"), BACKLOG),
        desk.gap(cell(backlog, "n_open_over_30_days"), BACKLOG),
    )
    if service in desk.labels.forwarded_to():
        times = (Missing.NONE,) * len(times)  # not the city's queue: nothing to be done by it
    return (
        desk.labels.of("services", service),
        desk.gap(cell(heard, "n_acts"), HEARD),
        desk.gap(cell(done, "n_tickets"), RESPONSE_TIMES),
        *times,
        desk.gap(share_of_texts(heard, "n_negative"), HEARD),
    )
