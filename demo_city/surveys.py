"""All survey waves of the demo city, written by Webropol's API shape or as wide tables."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from demo_city.arrivals import Period
from demo_city.survey_answers import draw_answers
from demo_city.survey_plan import read_surveys
from demo_city.survey_tables import write_survey_table
from demo_city.webropol import write_webropol


def write_surveys(target: Path, *, seed: int, scale: float, period: Period) -> dict[str, int]:
    """Write every wave; returns the counts of surveys, waves, respondents and answer rows."""
    counts: Counter[str] = Counter()
    last = datetime(period.last.year, period.last.month, period.last.day, 21, 45)
    for survey in read_surveys():
        counts["surveys"] += 1
        for wave in survey.waves:
            n = max(12, round(wave.respondents * scale))
            answers = draw_answers(survey, wave, n=n, seed=seed, last=last)
            counts["waves"] += 1
            if wave.table:
                made = write_survey_table(target / "survey_tables", survey, wave, answers)
                counts["table_waves"] += 1
            else:
                made = write_webropol(target / "webropol", survey, wave, answers, seed=seed)
            counts.update(made)
    return dict(counts)
