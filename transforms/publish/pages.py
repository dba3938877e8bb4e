"""The pages of the site and what stands on each: city, departments, initiatives, heard, data."""

from collections.abc import Sequence

from transforms.publish.backlog import backlog_figure, latest_open, open_tiles
from transforms.publish.desk import Desk
from transforms.publish.downloads import download_entries
from transforms.publish.figures import (
    Block,
    Card,
    Cards,
    DataTable,
    Field,
    Figure,
    Grid,
    LinkList,
    Missing,
    Page,
    Section,
    Terms,
    Tile,
    Value,
)
from transforms.publish.heard import (
    act_types_figure,
    area_figure,
    channel_figure,
    ever_table,
    heard_tile,
    heard_tiles,
    kinds_figure,
    latest_heard,
    sentiment_figure,
    share_of_texts,
)
from transforms.publish.initiatives import (
    all_initiatives,
    department_initiatives,
    initiative_rows,
    initiative_tiles,
)
from transforms.publish.public_tables import (
    BACKLOG,
    CITY,
    HEARD,
    INITIATIVES,
    QUALITY,
    RESPONSE_TIMES,
    SATISFACTION,
    Level,
    Row,
    cell,
    median_cell,
)
from transforms.publish.quality import reason_table, refused_table, source_table
from transforms.publish.satisfaction import satisfaction_figures
from transforms.publish.waiting import (
    forwarded_figure,
    forwarded_tile,
    latest_done,
    share_figure,
    waiting_figure,
    waiting_tiles,
    within_14,
)

CITY_PATH = "index.html"
INITIATIVES_PATH = "aloitteet.html"
HEARD_PATH = "kuultu.html"
DATA_PATH = "tiedot.html"
TABLES = (RESPONSE_TIMES, BACKLOG, SATISFACTION, INITIATIVES, HEARD, QUALITY)
_TERMS = (
    "act",
    "message",
    "median",
    "interval",
    "withheld",
    "missing",
    "forwarded",
    "model",
    "business",
)


def all_pages(desk: Desk) -> list[Page]:
    """Every page, the city's first."""
    departments = desk.labels.departments(desk.about.snapshot_on)
    return [
        _city_page(desk, departments),
        *(_department_page(desk, d) for d in departments),
        _initiatives_page(desk),
        _heard_page(desk),
        _data_page(desk),
    ]


def department_path(department: str) -> str:
    """File name of a department's page."""
    return f"{department}.html"


def _city_page(desk: Desk, departments: list[str]) -> Page:
    words = desk.words
    return Page(
        path=CITY_PATH,
        title=words("city.title", city=desk.about.city_name),
        eyebrow=words("city.eyebrow"),
        lede=_city_lede(desk),
        tiles=_level_tiles(desk, CITY),
        period=_period(desk, CITY),
        sections=[
            _section(desk, "departments", [Cards(tuple(_card(desk, d) for d in departments))]),
            _response(desk, CITY),
            _told(desk, CITY, area_figure(desk)),
            *_city_surveys(desk),
            _section(desk, "quality", [source_table(desk)]),
        ],
    )


def _city_surveys(desk: Desk) -> list[Section]:
    """Surveys about the whole city, where there are any."""
    figures = [f for f in satisfaction_figures(desk, None) if f.grid.rows]
    return [_section(desk, "satisfaction", figures)] if figures else []


def _department_page(desk: Desk, department: str) -> Page:
    level = Level("department", department)
    is_outside = department in desk.labels.outside()
    key = "outside" if is_outside else "department"
    told = _told(desk, level)
    services = _section(desk, "services", [_service_table(desk, department)])
    if is_outside:
        sections = [_section(desk, "forwarded", [forwarded_figure(desk, level)]), told]
    else:
        satisfaction = _section(desk, "satisfaction", satisfaction_figures(desk, department))
        sections = [_response(desk, level), services, satisfaction, told]
    mine = initiative_rows(desk, department=department)
    if mine:
        sections.append(_section(desk, "initiatives", department_initiatives(desk, mine)))
    return Page(
        path=department_path(department),
        title=words_title(desk, department, is_outside=is_outside),
        eyebrow=desk.words(f"{key}.eyebrow"),
        lede=desk.words(f"{key}.lede"),
        tiles=_outside_tiles(desk, level) if is_outside else _level_tiles(desk, level),
        sections=sections,
        period=_period(desk, level, has_open=not is_outside),
    )


def _level_tiles(desk: Desk, level: Level) -> list[Tile]:
    return [heard_tile(desk, level), *waiting_tiles(desk, level), *open_tiles(desk, level)]


def _outside_tiles(desk: Desk, level: Level) -> list[Tile]:
    return [heard_tile(desk, level), forwarded_tile(desk, level)]


def _response(desk: Desk, level: Level) -> Section:
    figures = [waiting_figure(desk, level), share_figure(desk, level), backlog_figure(desk, level)]
    return _section(desk, "response", _calm(figures))


def _told(desk: Desk, level: Level, *more: Figure) -> Section:
    is_wide = level == CITY and bool(more)
    figures = [kinds_figure(desk, level, is_wide=is_wide), sentiment_figure(desk, level), *more]
    return _section(desk, "told", _calm(figures))


def _calm(figures: list[Figure]) -> list[Figure]:
    """The figures; of those that have nothing to draw and say the same, only the first."""
    said: set[str] = set()
    found = []
    for figure in figures:
        is_repeated = figure.chart is None and figure.takeaway in said
        if not is_repeated:
            found.append(figure)
        if figure.chart is None:
            said.add(figure.takeaway)
    return found


def _period(desk: Desk, level: Level, *, has_open: bool = True, has_times: bool = True) -> str:
    """Which time the page's key figures are from, and since when there has been silence."""
    parts = [desk.words(f"period.{desk.tables.span(HEARD)[0]}"), desk.silence(HEARD, level)]
    if has_times:
        kind, start = desk.tables.span(RESPONSE_TIMES)
        if kind == "year" and start is not None:
            parts.append(desk.words("period.times_year", year=start.year))
    if has_open:
        parts.append(desk.words("period.open"))
    return " ".join(part for part in parts if part)


def words_title(desk: Desk, department: str, *, is_outside: bool) -> str:
    """A department's name, or that its matters belong to other authorities."""
    if is_outside:
        return desk.words("outside.title")
    return desk.labels.of("departments", department)


def _initiatives_page(desk: Desk) -> Page:
    rows = initiative_rows(desk)
    return Page(
        path=INITIATIVES_PATH,
        title=desk.words("initiatives.title"),
        eyebrow=desk.about.city_name,
        lede=desk.words("initiatives.lede"),
        tiles=initiative_tiles(desk, rows),
        sections=[_section(desk, "initiatives", _initiative_blocks(desk, rows))],
    )


def _initiative_blocks(desk: Desk, rows: list[Row]) -> list[Block]:
    if rows:
        return [*all_initiatives(desk, rows)]
    return [Terms(((desk.words("tile.initiatives"), desk.words("empty.no_source")),))]


def _heard_page(desk: Desk) -> Page:
    return Page(
        path=HEARD_PATH,
        title=desk.words("heard.title"),
        eyebrow=desk.about.city_name,
        lede=desk.words("heard.lede"),
        tiles=heard_tiles(desk),
        period=_period(desk, CITY, has_open=False, has_times=False),
        sections=[
            _section(
                desk,
                "ways",
                _calm([act_types_figure(desk, CITY), channel_figure(desk), area_figure(desk)]),
            ),
            _told(desk, CITY),
            _section(desk, "ever", [ever_table(desk)]),
            _section(desk, "by_service", [_all_services(desk)]),
        ],
    )


def _data_page(desk: Desk) -> Page:
    words = desk.words
    pairs = tuple(
        (
            words(f"term.{name}"),
            words(f"term.{name}_is", n=desk.about.min_cell_n),
        )
        for name in _TERMS
    )
    return Page(
        path=DATA_PATH,
        title=words("data.title"),
        eyebrow=desk.about.city_name,
        lede=words("data.lede"),
        tiles=[],
        sections=[
            _section(desk, "reading", [Terms(pairs)]),
            _section(desk, "published", [_downloads(desk)]),
            _section(
                desk, "quality", [source_table(desk), refused_table(desk), reason_table(desk)]
            ),
            _section(desk, "access", [Terms(((words("access.term"), words("access.text")),))]),
        ],
    )


def _section(desk: Desk, key: str, blocks: Sequence[Block]) -> Section:
    return Section(
        id=f"osa-{key.replace('_', '-')}",
        title=desk.words(f"section.{key}"),
        intro=desk.words(f"section.{key}_intro"),
        blocks=tuple(blocks),
    )


def _city_lede(desk: Desk) -> str:
    heard = cell(latest_heard(desk, CITY), "n_acts")
    wait = median_cell(latest_done(desk, CITY))
    if isinstance(heard, Missing):
        return desk.words("city.lede_missing")
    first = desk.words("city.lede_heard", span=desk.span(HEARD), heard=desk.write(heard, "count"))
    if isinstance(wait, Missing) or desk.tables.span(RESPONSE_TIMES)[0] != "last_12_months":
        return first
    return f"{first} {desk.words('city.lede_wait', wait=desk.write(wait, 'duration'))}"


def _card(desk: Desk, department: str) -> Card:
    level = Level("department", department)
    is_outside = department in desk.labels.outside()
    heard, done = latest_heard(desk, level), latest_done(desk, level)
    times, now = RESPONSE_TIMES, latest_open(desk, level)
    acts, sent = cell(heard, "n_acts"), cell(done, "n_forwarded")
    lines: list[tuple[str, str, Value, str]] = [
        ("heard", desk.span_short(HEARD), desk.gap(acts, HEARD), "count")
    ]
    if is_outside:
        lines.append(("forwarded", desk.span_short(times), desk.gap(sent, times), "count"))
    else:
        lines.append(("median_done", "", desk.gap(median_cell(done), times), "duration"))
        lines.append(("open", "", desk.gap(cell(now, "n_open"), BACKLOG), "count"))
    return Card(
        title=words_title(desk, department, is_outside=is_outside),
        path=department_path(department),
        tiles=tuple(
            Tile(
                desk.words(f"card.{key}", span=span),
                desk.write(value, form),
                is_missing=isinstance(value, Missing),
            )
            for key, span, value, form in lines
        ),
    )


def _service_table(desk: Desk, department: str) -> DataTable:
    services = desk.labels.services(department, desk.about.snapshot_on)
    return _services(desk, services, identity="services")


def _all_services(desk: Desk) -> DataTable:
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


def _downloads(desk: Desk) -> Terms | LinkList:
    """The published files; without them, the names of the datasets and whether they have rows."""
    words = desk.words
    if desk.about.downloads:
        return LinkList(download_entries(desk))
    return Terms(
        tuple(
            (
                words(f"dataset.{table}"),
                words("dataset.is_there" if desk.tables.has(table) else "empty.no_source"),
            )
            for table in TABLES
        )
    )
