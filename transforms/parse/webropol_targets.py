"""Where an answer of Webropol belongs: by the questionnaire, or by what the answers themselves say.

Belongs here: the way from Webropol's ids and labels to our questions. Does not: the shape of the
file (``transforms.parse.webropol``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.parse.answer_kinds import fold
from transforms.parse.questionnaire import Questionnaire, Variable

NPS_LABEL = fold("Not at all likely - Extremely likely")
_ZERO_TO_TEN = re.compile(r"^(?:\d|10)(?:[.,]0+)?$")


@dataclass(frozen=True, slots=True)
class Target:
    """One of our questions.

    Attributes:
        question_id: Ours.
        background: What it tells of the respondent; null for a substantive question.
        is_kept: False for ids, paradata and background that we have no place for.
        is_open: Whether anything may be written.
        options: Folded labels of its alternatives, where several may be chosen.
    """

    question_id: str
    background: str | None = None
    is_kept: bool = True
    is_open: bool = False
    options: frozenset[str] = frozenset()


class DeclaredTargets:
    """Targets that a questionnaire declares."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._found: dict[tuple[str, str], Target | None] = {}
        self._variables: dict[str, list[Variable]] = {}
        self._questionnaire = questionnaire
        for variable in questionnaire.variables:
            key = (variable.source_question_id or "").lower()
            self._variables.setdefault(key, []).append(variable)

    def find(self, question_id: str, label: str) -> Target | None:
        """By question id and matrix row; a variable without ``source_label`` takes every row."""
        key = (question_id, label)
        if key not in self._found:
            self._found[key] = self._look_up(question_id.lower(), fold(label))
        return self._found[key]

    def backgrounds(self) -> frozenset[str]:
        """What the questionnaire asks about the respondent."""
        asked = (variable.background for variable in self._questionnaire.variables)
        return frozenset(background for background in asked if background is not None)

    def _look_up(self, question_id: str, label: str) -> Target | None:
        variables = self._variables.get(question_id, [])
        spelled = [v for v in variables if v.source_label and fold(v.source_label) == label]
        worded = [v for v in variables if v.source_label and label in _wordings(v)]
        plain = [v for v in variables if v.source_label is None]
        found = next(iter([*spelled, *worded, *plain]), None)
        return None if found is None else self._target(found)

    def _target(self, variable: Variable) -> Target:
        codelist = self._questionnaire.codelists.get(variable.codelist or "")
        items = codelist.items if codelist is not None else ()
        labels = [w for item in items for w in (item.label.fi, item.label.sv, item.label.en) if w]
        takes_several = variable.type == "multi_item" or variable.background == "groups"
        return Target(
            question_id=variable.name,
            background=variable.background,
            is_kept=variable.role == "substantive" or variable.background is not None,
            is_open=variable.type in ("text", "geo"),
            options=frozenset(fold(label) for label in labels) if takes_several else frozenset(),
        )


@dataclass(slots=True)
class FoundQuestion:
    """A question known only from its answers.

    ``position`` is its least place in any response, from 1; ``first_lines`` the first response by
    wave.
    """

    question_id: str
    matrix_id: str | None
    wording: str
    is_nps: bool
    position: int
    is_attachment: bool = False
    is_zero_to_ten: bool = True
    first_lines: dict[str, int] = field(default_factory=dict)

    @property
    def question_type(self) -> str:
        """``nps`` by its label, ``number`` when every answer is 0–10, else ``text``."""
        if self.is_nps:
            return "nps"
        return "number" if self.is_zero_to_ten and not self.is_attachment else "text"


class FoundTargets:
    """Targets made from the answers: a question per id, or per id and labelled row."""

    def __init__(self) -> None:
        self.questions: dict[str, FoundQuestion] = {}

    def find(self, question_id: str, label: str, option_id: str) -> Target | None:
        """Every question is open as long as nothing is known about it."""
        if not question_id:
            return None
        return Target(question_id=_own_id(question_id, label, option_id), is_open=True)

    def see(
        self, entry: Mapping[str, str], *, wave: str, line_no: int, place: int, has_file: bool
    ) -> None:
        """Take note of one answer; ``entry`` has its fields as Webropol names them."""
        label, source_id = entry["Label"], entry["QuestionId"]
        own_id = _own_id(source_id, label, entry["QuestionOptionId"])
        known = self.questions.get(own_id)
        if known is None:
            words = [entry["Question"].strip(), "" if _is_plain(label) else label.strip()]
            known = self.questions[own_id] = FoundQuestion(
                question_id=own_id,
                matrix_id=None if own_id == source_id else source_id,
                wording=" – ".join(w for w in words if w) or own_id,
                is_nps=fold(label) == NPS_LABEL,
                position=place,
            )
        known.position = min(known.position, place)
        known.is_attachment |= has_file
        known.is_zero_to_ten &= bool(_ZERO_TO_TEN.match(entry["Answer"].strip()))
        known.first_lines[wave] = min(line_no, known.first_lines.get(wave, line_no))


def _own_id(question_id: str, label: str, option_id: str) -> str:
    return question_id if _is_plain(label) else f"{question_id}:{option_id or fold(label)}"


def _is_plain(label: str) -> bool:
    return not label.strip() or fold(label) == NPS_LABEL


def _wordings(variable: Variable) -> set[str]:
    return {fold(w) for w in (variable.qtext.fi, variable.qtext.sv, variable.qtext.en) if w}
