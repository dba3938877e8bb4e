"""Writes the questionnaire sidecar (questionnaire.toml, DDI-like) of a survey wave."""

import json
from pathlib import Path

from demo_city.survey_plan import LANGUAGES, Item, Labels, Question, Survey, Wave


def write_questionnaire(
    path: Path, survey: Survey, wave: Wave, *, source: dict[str, str], table: dict[str, str]
) -> None:
    """Write the sidecar.

    Args:
        path: File to write.
        survey: The survey.
        wave: The wave.
        source: Webropol's ids: ``survey`` and a question id by question or matrix name.
        table: For wide files: response id and time columns, sheet; empty for Webropol.
    """
    lines = [*_survey_lines(survey, wave, source)]
    if table:
        lines += ["", "[table]", *(f"{key} = {_text(value)}" for key, value in table.items())]
    lists: dict[str, tuple[Item, ...]] = {}
    for question in survey.questions:
        lines += ["", "[[variable]]", *_variable_lines(question, survey, source, table)]
        if question.items:
            lists[question.codelist] = question.items
    for name, items in lists.items():
        lines += ["", "[[codelist]]", f"id = {_text(name)}", "items = ["]
        lines += [f"  {_item(item, name)}," for item in items]
        lines.append("]")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def column_of(question: Question) -> str:
    """The wide table's column header of a question."""
    return question.labels[0]


def option_column(question: Question, item: Item) -> str:
    """The wide table's column header of one option."""
    return f"{question.labels[0]}: {item.labels[0]}"


def _survey_lines(survey: Survey, wave: Wave, source: dict[str, str]) -> list[str]:
    titles = tuple(f"{title} {wave.opened.year}" for title in survey.titles)
    lines = [
        "[survey]",
        f"id = {_text(survey.id)}",
        f"wave = {_text(wave.code)}",
        f"title = {_labels((titles[0], titles[1], titles[2]))}",
        f'instrument = "{"table" if wave.table else "webropol"}"',
    ]
    if not wave.table:
        lines.append(f"source_survey_id = {_text(source['survey'])}")
    lines += [f"mode = {_text(survey.mode)}", f"design = {_text(survey.design)}"]
    lines.append(f"frame = {_text(survey.people)}")
    if survey.least_age:
        lines.append(f"frame_age_from = {survey.least_age}")
    if survey.frame:
        lines.append(f"frame_n = {survey.frame}")
    if wave.invited:
        lines.append(f"invited_n = {wave.invited}")
    lines.append(f"opened = {wave.opened}")
    if wave.closed:
        lines.append(f"closed = {wave.closed}")
    if survey.service:
        lines.append(f"service = {_text(survey.service)}")
    lines += [
        f"staff_involved = {str(survey.staff_involved).lower()}",
        f"use_budget_year = {wave.opened.year + 1}",
    ]
    return lines


def _variable_lines(
    question: Question, survey: Survey, source: dict[str, str], table: dict[str, str]
) -> list[str]:
    lines = [
        f"name = {_text(question.name)}",
        f"qtext = {_labels(question.labels)}",
        f"type = {_text(question.type)}",
        f"role = {_text(question.role)}",
    ]
    if table:
        lines += _column_lines(question, survey)
    else:
        lines.append(f"source_question_id = {_text(source[question.matrix or question.name])}")
        if question.matrix:
            lines.append(f"source_label = {_text(question.labels[0])}")
    if question.codelist:
        lines.append(f"codelist = {_text(question.codelist)}")
    if question.type in {"scale", "nps"}:
        turned = survey.is_reversed and question.type == "scale"
        lines.append(f'scale_direction = "{"-" if turned else "+"}"')
    for key, value in (("service", question.service), ("matrix", question.matrix),
                       ("background", question.background)):  # fmt: skip
        if value:
            lines.append(f"{key} = {_text(value)}")
    return lines


def _column_lines(question: Question, survey: Survey) -> list[str]:
    if question.type != "multi_item":
        return [f"source_column = {_text(column_of(question))}"]
    if survey.multi_form == "columns":
        columns = ", ".join(
            f"{{column = {_text(option_column(question, item))}, code = {_text(item.code)}}}"
            for item in question.items
        )
        return [f"source_columns = [{columns}]"]
    return [f"source_column = {_text(column_of(question))}", 'separator = ";"']


def _item(item: Item, name: str) -> str:
    cells = [f"code = {_text(item.code)}"]
    if item.value is not None:
        cells.append(f"value = {item.value}")
    if name != "nps":
        cells.append(f"label = {_labels(item.labels)}")
    cells.append(f"kind = {_text(item.kind)}")
    if item.maps_to:
        cells.append(f"maps_to = {_text(item.maps_to)}")
    return "{" + ", ".join(cells) + "}"


def _labels(labels: Labels) -> str:
    pairs = (f"{lang} = {_text(text)}" for lang, text in zip(LANGUAGES, labels, strict=True))
    return "{" + ", ".join(pairs) + "}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
