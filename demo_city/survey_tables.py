"""Writes a survey wave as a wide table (CSV or XLSX), one column per question or option."""

from datetime import datetime
from pathlib import Path

from demo_city.questionnaire import column_of, option_column, write_questionnaire
from demo_city.survey_answers import Answers
from demo_city.survey_plan import Question, Survey, Wave

SHEET = "Vastaukset"
ID_COLUMN, TIME_COLUMN = "Vastaaja-id", "Vastausaika"
CREATED = datetime(2026, 11, 1, 6, 0, 0)
DONT_KNOW = ("En osaa sanoa", "eos", "EOS", "en osaa sanoa")


def write_survey_table(
    folder: Path, survey: Survey, wave: Wave, answers: Answers
) -> dict[str, int]:
    """Write the table and its sidecar; returns the count of respondents."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{survey.id}_{wave.code}"
    table = {"response_id_column": ID_COLUMN, "answered_at_column": TIME_COLUMN}
    if wave.table == "xlsx":
        table = {"sheet": SHEET} | table
    header, rows = _wide(survey, answers)
    if wave.table == "xlsx":
        _write_workbook(folder / f"{name}.xlsx", header, rows, answers.times)
    else:
        _write_csv(folder / f"{name}.csv", header, rows, answers.times)
    path = folder / f"{name}.questionnaire.toml"
    write_questionnaire(path, survey, wave, source={}, table=table)
    return {"respondents": answers.n}


def _wide(survey: Survey, answers: Answers) -> tuple[list[str], list[list[str]]]:
    header: list[str] = []
    columns: list[list[str]] = []
    for question in survey.questions:
        for title, cells in _columns(question, survey, answers):
            header.append(title)
            columns.append(cells)
    return header, [list(row) for row in zip(*columns, strict=True)]


def _columns(question: Question, survey: Survey, answers: Answers) -> list[tuple[str, list[str]]]:
    labels = {item.code: item.labels[0] for item in question.items}
    if question.name not in answers.multi:
        cells = [
            _cell(question, labels, value, number)
            for number, value in enumerate(answers.single[question.name])
        ]
        return [(column_of(question), cells)]
    chosen = answers.multi[question.name]
    if survey.multi_form == "columns":
        return [
            (option_column(question, item), [_mark(codes, item.code) for codes in chosen])
            for item in question.items
        ]
    joined = [";".join(labels[code] for code in codes or ()) for codes in chosen]
    return [(column_of(question), joined)]


def _cell(question: Question, labels: dict[str, str], value: str | None, number: int) -> str:
    if value is None:
        return ""
    if question.type == "scale" and value == "9":
        return DONT_KNOW[number % len(DONT_KNOW)]
    if question.type == "scale" and question.matrix and value != "8":
        return value
    return labels.get(value, value)


def _mark(codes: tuple[str, ...] | None, code: str) -> str:
    return "" if codes is None else str(int(code in codes))


def _write_csv(path: Path, header: list[str], rows: list[list[str]], times: list[datetime]) -> None:
    lines = [";".join([ID_COLUMN, TIME_COLUMN, *(_quote(cell) for cell in header)])]
    for number, (row, moment) in enumerate(zip(rows, times, strict=True), start=1):
        time = f"{moment.day}.{moment.month}.{moment.year} {moment.hour:02d}:{moment.minute:02d}"
        lines.append(";".join([str(1_000 + number), time, *(_quote(cell) for cell in row)]))
    text = "\ufeff" + "\r\n".join(lines) + "\r\n"
    path.write_bytes(text.encode("utf-8"))


def _write_workbook(
    path: Path, header: list[str], rows: list[list[str]], times: list[datetime]
) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet(SHEET)
    moment_format = book.add_format({"num_format": "d.m.yyyy hh:mm"})
    sheet.write_row(0, 0, [ID_COLUMN, TIME_COLUMN, *header])
    for line, (row, moment) in enumerate(zip(rows, times, strict=True), start=1):
        sheet.write_number(line, 0, 1_000 + line)
        sheet.write_datetime(line, 1, moment.replace(microsecond=0), moment_format)
        for column, cell in enumerate(row, start=2):
            if cell:
                sheet.write_string(line, column, cell)
    book.close()


def _quote(cell: str) -> str:
    if any(mark in cell for mark in ';"\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
