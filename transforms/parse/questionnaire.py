"""The description of one wave of a survey (``questionnaire.toml``), read and checked.

Belongs here: what a questionnaire may say, after DDI-Codebook's variables and categories. Does not:
answers, and the frames made of a questionnaire (``transforms.parse.questionnaire_rows``).
"""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_contracts.contract import code_values
from transforms.parse.answer_kinds import kind_of_label
from transforms.parse.encoding import decode_text
from transforms.parse.parsed import RefusedFileError
from transforms.parse.questionnaire_keys import Keys

INSTRUMENTS = ("webropol", "table")
#: What a background variable may tell, and the code list that its answers are mapped to.
BACKGROUNDS: Mapping[str, str | None] = {
    "age_band": "age_band",
    "age_years": None,
    "birth_year": None,
    "gender": "gender",
    "area": "areas",
    "postcode": None,
    "groups": "group",
    "language": "language",
}
CODED_TYPES = ("single", "multi_item", "scale")
_SEPARATOR_OF_KEYS = "|"


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in Finnish, Swedish and English; null where there is none."""

    fi: str | None = None
    sv: str | None = None
    en: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """One wave of a survey; ``wave`` sorts in time, ``closed`` is null while it is open."""

    id: str
    wave: str
    title: Wording
    instrument: str
    source_survey_id: str | None
    mode: str | None
    design: str | None
    frame: str | None
    frame_age_from: int | None
    frame_n: int | None
    invited_n: int | None
    opened: dt.date | None
    closed: dt.date | None
    service: str | None
    staff_involved: bool | None
    use_budget_year: int | None


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where a wide table keeps what is no question."""

    sheet: str | None = None
    response_id_column: str | None = None
    answered_at_column: str | None = None


@dataclass(frozen=True, slots=True)
class OptionColumn:
    """A column that stands for one option of a question."""

    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Item:
    """One answer alternative; ``maps_to`` is our own code for it in background questions."""

    code: str
    value: float | None
    label: Wording
    kind: str
    maps_to: str | None


@dataclass(frozen=True, slots=True)
class Codelist:
    """Answer alternatives in order."""

    id: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """One question, or one row of a matrix."""

    name: str
    qtext: Wording
    type: str
    role: str
    source_question_id: str | None
    source_label: str | None
    source_column: str | None
    source_columns: tuple[OptionColumn, ...]
    separator: str | None
    codelist: str | None
    is_reversed: bool
    service: str | None
    matrix: str | None
    background: str | None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One wave of a survey with its questions in order."""

    survey: Survey
    table: TableLayout
    variables: tuple[Variable, ...]
    codelists: Mapping[str, Codelist]


def parse_questionnaire(content: bytes) -> Questionnaire:
    """The questionnaire that a file describes.

    Args:
        content: The whole TOML file.

    Raises:
        RefusedFileError: If it is no TOML, a key is missing, unknown or has a wrong value, a name
            stands twice, or a variable refers to what is not there. The text names the key.
    """
    root = Keys(_loaded(content), "")
    head = root.table("survey")
    if head is None:
        raise root.missing("survey", "a [survey] heading with id, wave, title and instrument")
    survey = _survey(head)
    layout = _layout(root.table("table"))
    codelists = _codelists(root.tables("codelist"))
    variables = _variables(root.tables("variable"), survey, codelists)
    root.finish()
    if not variables:
        raise root.missing("variable", "at least one [[variable]]")
    return Questionnaire(survey, layout, variables, codelists)


def _loaded(content: bytes) -> dict[str, object]:
    text = decode_text(content).text
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise RefusedFileError(
            f"Found a questionnaire that is no TOML ({error}), expected key = value lines."
            " Correct that line: texts stand in quotation marks, days as 2025-03-01."
        ) from error


def _survey(keys: Keys) -> Survey:
    survey = Survey(
        id=_key_part(keys, "id"),
        wave=_key_part(keys, "wave"),
        title=_wording(keys, "title", needs_finnish=True),
        instrument=keys.needed_choice("instrument", INSTRUMENTS),
        source_survey_id=keys.text("source_survey_id"),
        mode=keys.choice("mode", code_values("survey_mode"), default=None),
        design=keys.choice("design", code_values("survey_design"), default=None),
        frame=keys.choice("frame", code_values("survey_frame"), default=None),
        frame_age_from=keys.whole("frame_age_from"),
        frame_n=keys.whole("frame_n"),
        invited_n=keys.whole("invited_n"),
        opened=keys.date("opened"),
        closed=keys.date("closed"),
        service=_service(keys),
        staff_involved=keys.flag("staff_involved"),
        use_budget_year=keys.whole("use_budget_year"),
    )
    keys.finish()
    if survey.opened and survey.closed and survey.closed < survey.opened:
        raise keys.error("closed", str(survey.closed), f"a day from {survey.opened} on")
    return survey


def _layout(keys: Keys | None) -> TableLayout:
    if keys is None:
        return TableLayout()
    layout = TableLayout(
        sheet=keys.text("sheet"),
        response_id_column=keys.text("response_id_column"),
        answered_at_column=keys.text("answered_at_column"),
    )
    keys.finish()
    return layout


def _codelists(tables: Sequence[Keys]) -> dict[str, Codelist]:
    codelists: dict[str, Codelist] = {}
    for keys in tables:
        name = keys.needed_text("id")
        if name in codelists:
            raise keys.error("id", name, "every codelist once")
        items = tuple(_item(entry) for entry in keys.tables("items"))
        keys.finish()
        if not items:
            raise keys.missing("items", 'at least one {code = "…", label = {fi = "…"}}')
        _check_items(keys, items)
        codelists[name] = Codelist(name, items)
    return codelists


def _item(keys: Keys) -> Item:
    label = _wording(keys, "label", needs_finnish=False)
    kind = keys.needed_choice("kind", code_values("answer_kind"), default="valid")
    item = Item(
        code=keys.code("code"),
        value=keys.number("value"),
        label=label,
        kind=kind if kind != "valid" else _kind_of_wording(label),
        maps_to=keys.text("maps_to"),
    )
    keys.finish()
    return item


def _kind_of_wording(label: Wording) -> str:
    """What a label says counts more than a kind that was left at valid."""
    words = (word for word in (label.fi, label.sv, label.en) if word)
    return next((kind for word in words if (kind := kind_of_label(word))), "valid")


def _check_items(keys: Keys, items: Sequence[Item]) -> None:
    codes = [item.code for item in items]
    for n, item in enumerate(items, start=1):
        if codes.count(item.code) > 1:
            raise keys.error(f"items[{n}].code", item.code, "every code of a codelist once")
    for language in ("fi", "sv", "en"):
        labels = [(getattr(item.label, language) or "").casefold() for item in items]
        for n, label in enumerate(labels, start=1):
            if label and labels.count(label) > 1:
                where = f"items[{n}].label.{language}"
                raise keys.error(where, label, "every label of a codelist once")


def _variables(
    tables: Sequence[Keys], survey: Survey, codelists: Mapping[str, Codelist]
) -> tuple[Variable, ...]:
    variables: list[Variable] = []
    seen: set[object] = set()
    for keys in tables:
        variable = _variable(keys, survey)
        _check_variable(keys, variable, codelists)
        for key, mark in _marks(variable, survey.instrument):
            if mark in seen:
                raise keys.error(key, mark[-1], "each only once in a questionnaire")
            seen.add(mark)
        variables.append(variable)
    return tuple(variables)


def _variable(keys: Keys, survey: Survey) -> Variable:
    role = keys.needed_choice("role", code_values("question_role"), default="substantive")
    background = keys.choice("background", tuple(BACKGROUNDS), default=None)
    variable = Variable(
        name=_key_part(keys, "name"),
        qtext=_wording(keys, "qtext", needs_finnish=True),
        type=keys.needed_choice("type", code_values("question_type")),
        role=role,
        source_question_id=keys.text("source_question_id"),
        source_label=keys.text("source_label"),
        source_column=keys.text("source_column"),
        source_columns=tuple(_option_column(entry) for entry in keys.tables("source_columns")),
        separator=keys.raw_text("separator"),
        codelist=keys.text("codelist"),
        is_reversed=keys.needed_choice("scale_direction", ("+", "-"), default="+") == "-",
        service=_service(keys) or survey.service,
        matrix=keys.text("matrix"),
        background="language" if role == "lang" and background is None else background,
    )
    keys.finish()
    if survey.instrument == "webropol" and variable.source_question_id is None:
        raise keys.missing("source_question_id", "the question's id in Webropol")
    if survey.instrument == "table" and bool(variable.source_column) == bool(
        variable.source_columns
    ):
        raise keys.missing("source_column", "either source_column or source_columns")
    return variable


def _option_column(keys: Keys) -> OptionColumn:
    option = OptionColumn(column=keys.needed_text("column"), code=keys.code("code"))
    keys.finish()
    return option


def _check_variable(keys: Keys, variable: Variable, codelists: Mapping[str, Codelist]) -> None:
    if variable.background and variable.role not in ("background", "lang"):
        raise keys.error("role", variable.role, "background, since the key background is set")
    if variable.codelist is None:
        if variable.type in CODED_TYPES and variable.role == "substantive":
            raise keys.missing("codelist", f"the id of a codelist for type {variable.type}")
        return
    if variable.codelist not in codelists:
        known = ", ".join(sorted(codelists)) or "none in the file"
        raise keys.error("codelist", variable.codelist, f"the id of a [[codelist]]: {known}")
    items = codelists[variable.codelist].items
    codes = {item.code for item in items}
    for n, option in enumerate(variable.source_columns, start=1):
        if option.code not in codes:
            where = f"source_columns[{n}].code"
            raise keys.error(where, option.code, f"a code of codelist {variable.codelist}")
    if variable.type in ("scale", "nps"):
        _check_scale(keys, variable.codelist, items)
    list_name = BACKGROUNDS.get(variable.background or "")
    if list_name is not None:
        _check_mapping(keys, variable.codelist, items, code_values(list_name))


def _check_scale(keys: Keys, codelist: str, items: Sequence[Item]) -> None:
    for item in items:
        if item.kind == "valid" and scale_value(item) is None:
            raise keys.error(
                "codelist", codelist, f"a value or another kind for code {item.code!r} of a scale"
            )


def _check_mapping(keys: Keys, codelist: str, items: Sequence[Item], known: Sequence[str]) -> None:
    for item in items:
        if item.maps_to is not None and item.maps_to not in known:
            raise keys.error(
                "codelist",
                codelist,
                f"for code {item.code!r} a maps_to out of {', '.join(known)}, not {item.maps_to!r}",
            )


def scale_value(item: Item) -> float | None:
    """The value of an item on its scale: as given, else its code when that is a number."""
    if item.value is not None:
        return item.value
    try:
        return float(item.code)
    except ValueError:
        return None


def _marks(variable: Variable, instrument: str) -> list[tuple[str, tuple[str, ...]]]:
    """What may stand only once, with the key to blame."""
    marks: list[tuple[str, tuple[str, ...]]] = [("name", ("name", variable.name))]
    if variable.background:
        marks.append(("background", ("background", variable.background)))
    if instrument == "webropol":
        source = (variable.source_label or "", variable.source_question_id or "")
        marks.append(("source_question_id", ("source", *source)))
    elif variable.source_column:
        marks.append(("source_column", ("column", variable.source_column)))
    return marks


def _wording(keys: Keys, key: str, *, needs_finnish: bool) -> Wording:
    if keys.is_text(key):
        return Wording(fi=keys.text(key))
    table = keys.table(key)
    if table is None:
        if needs_finnish:
            raise keys.missing(key, 'a text in Finnish: {fi = "…"}')
        return Wording()
    wording = Wording(fi=table.text("fi"), sv=table.text("sv"), en=table.text("en"))
    table.finish()
    if needs_finnish and wording.fi is None:
        raise table.missing("fi", "the text in Finnish")
    return wording


def _service(keys: Keys) -> str | None:
    return keys.choice("service", code_values("services"), default=None)


def _key_part(keys: Keys, key: str) -> str:
    text = keys.needed_text(key)
    if _SEPARATOR_OF_KEYS in text:
        raise keys.error(key, text, "a name without the character |")
    return text
