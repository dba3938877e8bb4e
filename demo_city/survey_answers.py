"""Draws what the respondents of one survey wave answered, column by column."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from demo_city.chance import Chance
from demo_city.places import read_gazetteer
from demo_city.setting import Setting
from demo_city.survey_plan import LANGUAGES, Question, Survey, Wave
from demo_city.wording import Sentence, TextFile, read_named, read_services, say

AGE_SHARES = {
    "nuoriso": (0.24, 0.72, 0.04, 0, 0, 0),
    "perusopetus": (0, 0.01, 0.72, 0.26, 0.01, 0),
    "varhaiskasvatus": (0, 0.04, 0.9, 0.06, 0, 0),
    "digiapu": (0, 0.02, 0.07, 0.19, 0.5, 0.22),
    "yritykset": (0, 0.03, 0.4, 0.51, 0.06, 0),
    "moni": (0.01, 0.2, 0.6, 0.17, 0.02, 0),
}
AGE_SHARES_ELSEWHERE = (0.02, 0.09, 0.27, 0.33, 0.23, 0.06)
AREA_SHARES = (0.09, 0.4, 0.44, 0.07)
DONT_KNOW, NOT_APPLICABLE, BLANK = 0.05, 0.02, 0.03
NO_BACKGROUND = 0.07
OPEN_ANSWERS = 0.36
PRAISES_FROM = 3.9
KIND_OF = {"+": "kiitos", "-": "moite", "~": "ehdotus"}
Column = list[str | None]
MultiColumn = list[tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of a wave: single-valued columns, multi-valued columns, times and languages."""

    single: dict[str, Column]
    multi: dict[str, MultiColumn]
    times: list[datetime]
    languages: list[str]

    @property
    def n(self) -> int:
        """Number of respondents."""
        return len(self.times)


def draw_answers(survey: Survey, wave: Wave, *, n: int, seed: int, last: datetime) -> Answers:
    """Answers of ``n`` respondents.

    Args:
        survey: The survey.
        wave: The wave.
        n: Respondents.
        seed: Seed of the city.
        last: No answer is later than this (city time); closes an open wave.
    """
    step = wave.step
    key = sum((place + 1) * ord(letter) for place, letter in enumerate(survey.id + wave.code))
    chance = Chance(seed, stream=100_000 + key)
    rng = chance.rng
    languages = _languages(survey, n, rng)
    mood = rng.normal(0.0, 0.55, n)
    ages = rng.choice(6, n, p=AGE_SHARES.get(survey.id, AGE_SHARES_ELSEWHERE))
    mood += (ages - 2.5) * 0.05
    single: dict[str, Column] = {}
    multi: dict[str, MultiColumn] = {}
    for question in survey.questions:
        if question.type in {"scale", "nps"}:
            single[question.name] = _scale(question, survey, mood, step, rng)
        elif question.background == "age_band":
            single[question.name] = _blanked([str(age + 1) for age in ages.tolist()], rng)
        elif question.background == "language":
            single[question.name] = list(languages)
        elif question.background == "groups":
            multi[question.name] = _groups(survey, ages, rng)
        elif question.type == "multi_item":
            multi[question.name] = _options(question, n, rng)
        elif question.type == "text" and not question.background:
            single[question.name] = _open_answers(
                survey, wave, mood + _level(survey, step), languages, chance
            )
        else:
            single[question.name] = _blanked(_background(question, n, rng), rng)
    times = _times(wave, n, rng, last)
    return Answers(single, multi, times, languages)


def _level(survey: Survey, step: int) -> float:
    overall = survey.questions[0]
    return overall.level + overall.drift * step


def _scale(
    question: Question,
    survey: Survey,
    mood: NDArray[np.float64],
    step: int,
    rng: np.random.Generator,
) -> Column:
    n = len(mood)
    level = question.level + question.drift * step + mood
    if question.type == "nps":
        values = np.clip(np.rint(level * 2 + rng.normal(0, 1.3, n)), 0, 10).astype(int)
        return _blanked([str(v) for v in values.tolist()], rng)
    values = np.clip(np.rint(level + rng.normal(0, 0.75, n)), 1, 5).astype(int)
    if survey.is_reversed:
        values = 6 - values
    draws = rng.random(n).tolist()
    found: Column = []
    for value, draw in zip(values.tolist(), draws, strict=True):
        if draw < BLANK:
            found.append(None)
        elif draw < BLANK + DONT_KNOW:
            found.append("9")
        elif draw < BLANK + DONT_KNOW + NOT_APPLICABLE and not survey.is_reversed:
            found.append("8")
        else:
            found.append(str(value))
    return found


def _languages(survey: Survey, n: int, rng: np.random.Generator) -> list[str]:
    if not survey.has_languages:
        return ["fi"] * n
    shares = (0.47, 0.04, 0.49) if survey.id == "moni" else (0.955, 0.012, 0.033)
    return [LANGUAGES[i] for i in rng.choice(3, n, p=shares).tolist()]


def _blanked(values: list[str], rng: np.random.Generator) -> Column:
    draws = rng.random(len(values)).tolist()
    return [
        None if draw < NO_BACKGROUND else value for value, draw in zip(values, draws, strict=True)
    ]


def _background(question: Question, n: int, rng: np.random.Generator) -> list[str]:
    if question.background == "gender":
        return [str(i + 1) for i in rng.choice(4, n, p=(0.6, 0.36, 0.015, 0.025)).tolist()]
    if question.background == "area":
        return [str(i + 1) for i in rng.choice(4, n, p=AREA_SHARES).tolist()]
    cities = read_gazetteer()
    weights = np.array([place.weight for place in cities.places])
    index = rng.choice(len(weights), n, p=weights / weights.sum()).tolist()
    return [cities.places[i].postcode for i in index]


def _groups(survey: Survey, ages: NDArray[np.int64], rng: np.random.Generator) -> MultiColumn:
    draws = rng.random((len(ages), 4))
    moved = 0.85 if survey.id == "moni" else 0.04
    found: MultiColumn = []
    for age, draw in zip(ages.tolist(), draws.tolist(), strict=True):
        young = (age == 0 or (age == 1 and draw[0] < 0.35)) * 1.0
        chosen = [
            code
            for code, holds in (
                ("1", draw[0] < young),
                ("2", draw[1] < 0.07),
                ("3", age >= 4 and draw[2] < 0.6),
                ("4", draw[3] < moved),
            )
            if holds
        ]
        found.append(tuple(chosen) or None)
    return found


def _options(question: Question, n: int, rng: np.random.Generator) -> MultiColumn:
    draws = rng.random((n, len(question.shares)))
    chosen = (draws < np.array(question.shares)).tolist()
    codes = [item.code for item in question.items]
    return [
        tuple(code for code, yes in zip(codes, row, strict=True) if yes) or None for row in chosen
    ]


def _open_answers(
    survey: Survey,
    wave: Wave,
    level: NDArray[np.float64],
    languages: list[str],
    chance: Chance,
) -> Column:
    files = read_services()
    services = [q.service for q in survey.questions if q.service] or [survey.service]
    if survey.service:
        services = [survey.service] * 5 + services
    found: Column = []
    for satisfaction, language in zip(level.tolist(), languages, strict=True):
        if not chance.yes(OPEN_ANSWERS):
            found.append(None)
            continue
        day = wave.opened + timedelta(days=chance.below(20))
        setting = Setting(chance, day=day)
        if language == "fi":
            texts = files[chance.pick(services)]
        else:
            texts = read_named(f"foreign_{language}")
        text = _words(texts, language, satisfaction, setting, chance)
        found.append(text)
    return found


def _words(
    texts: TextFile, language: str, satisfaction: float, setting: Setting, chance: Chance
) -> str:
    letter = "+" if satisfaction + chance.unit() - 0.5 > PRAISES_FROM else "-"
    if chance.yes(0.25) and "~" in texts.common:
        letter = "~"
    month = setting.day.month
    scenes = [s for s in texts.scenes if s.kind == KIND_OF[letter] and month in s.months]
    if language == "fi" and scenes and chance.yes(0.45):
        text = _say(chance.pick(scenes).parts["P"], setting, chance)
    else:
        text = _fragment(texts.common, letter, setting, chance)
    return text[:1].upper() + text[1:] if chance.yes(0.7) else text


def _fragment(
    common: dict[str, list[Sentence]], letter: str, setting: Setting, chance: Chance
) -> str:
    text = _say(common.get(letter) or common["-"], setting, chance)
    other = chance.pick([mark for mark in "+-~" if mark in common])
    if other != letter and chance.yes(0.35):
        second = _say(common[other], setting, chance)
        return f"{text.rstrip('.')}. {second[:1].upper()}{second[1:]}"
    return text


def _say(options: list[Sentence], setting: Setting, chance: Chance) -> str:
    return say(chance.pick(options), chance=chance, fill=setting.fill)


def _times(wave: Wave, n: int, rng: np.random.Generator, last: datetime) -> list[datetime]:
    closed = wave.closed or last.date()
    span = (min(closed, last.date()) - wave.opened).days + 1
    weights = np.exp(-np.arange(span) / max(3.0, span / 3.5)) + 0.12
    weights[span * 2 // 3] += weights.sum() * 0.08  # a reminder was sent
    days = rng.choice(span, n, p=weights / weights.sum())
    minutes = rng.integers(7 * 60, 23 * 60, n)
    millis = rng.integers(0, 60_000, n)
    start = datetime(wave.opened.year, wave.opened.month, wave.opened.day)
    times = [
        start + timedelta(days=d, minutes=m, milliseconds=s)
        for d, m, s in zip(days.tolist(), minutes.tolist(), millis.tolist(), strict=True)
    ]
    return sorted(min(time, last) for time in times)
