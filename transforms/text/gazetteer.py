"""The gazetteer: a city's code list of places, compiled for looking words up.

Belongs here: what a place is and which words may name it. Whether they do, in a given sentence,
belongs to place_context.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from transforms.text.place_forms import Form, fold_letters, inflect, strip_clitic

_QUALIFIED = re.compile(r"^(?P<name>.+?) \((?P<qualifier>[^)]+)\)$")
_SEPARATORS = re.compile(r"[\s-]+")
_PREFIX_LENGTH = 5
_HOMONYM_PREFIX_LENGTH = 9
_SECOND_PREFIX_LENGTH = 3
#: Shorter names are too near to other words to forgive a doubled or a single letter, or a gap.
_FORGIVING_LENGTH = 9
_DOUBLED = re.compile(r"(.)\1+")
_INNER, _OUTER = frozenset(("ine", "ela", "ill")), frozenset(("ade", "abl", "all"))
_SERIES = {"inner": _INNER, "outer": _OUTER, "both": _INNER | _OUTER}


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the code list. ``homonyms``: word, rare_word, common, surname, first_name."""

    number: int
    name: str
    own_cases: frozenset[str]
    homonyms: frozenset[str]
    homonym_words: "WordList"
    qualifier: str | None
    area_code: str | None


@dataclass(frozen=True, slots=True)
class WordList:
    """Folded words and beginnings of words (``koulu*``)."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    def has(self, key: str) -> bool:
        """Whether a folded word is listed."""
        return key in self.words or (bool(self.beginnings) and key.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folded word may be: word ``slot`` of a name of ``n_slots`` words, in ``cases``."""

    place: Place
    name: int
    slot: int
    n_slots: int
    stem: str
    cases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places with every form of their names by folded word. ``pattern`` finds texts worth a look.

    ``forgiven`` holds long names with doubled letters made single.
    """

    places: tuple[Place, ...]
    forms: Mapping[str, tuple[Reading, ...]]
    forgiven: Mapping[str, tuple[Reading, ...]]
    prefixes: frozenset[str]
    pattern: str
    cues: Mapping[str, WordList]

    def likely_words(self, keys: Sequence[str]) -> list[int]:
        """Which of the folded words begin as some name does: a quick way past most words."""
        prefixes = self.prefixes
        return [at for at, key in enumerate(keys) if key[:_PREFIX_LENGTH] in prefixes]

    def read(self, key: str) -> tuple[Reading, ...]:
        """Readings of a folded word, with enclitic and slips of long names; () for other words."""
        found = self.forms.get(key)
        if found is not None:
            return found
        if key[:_PREFIX_LENGTH] not in self.prefixes:
            return ()
        short = strip_clitic(key)
        if short is not None and short in self.forms:
            return self.forms[short]
        return self.forgiven.get(single_letters(key), ()) if len(key) >= _FORGIVING_LENGTH else ()


def compile_gazetteer(places: pl.DataFrame, cues: pl.DataFrame) -> Gazetteer:
    """The gazetteer of a code list; takes about 0.1 s.

    Args:
        places: ``codes/places.csv``: ``name_fi``, ``genitive``, ``local_series`` (inner, outer,
            both), ``homonym`` and ``homonym_words`` (joined by ``;``), ``other_names`` (pairs
            nominative/genitive joined by ``;``), ``area_code``.
        cues: ``lexicon/place_cues.csv``: ``role``, ``word``.
    """
    readings: dict[str, dict[tuple[int, int], Reading]] = {}
    found: list[Place] = []
    n_names = 0
    for number, row in enumerate(places.iter_rows(named=True)):
        place = _read_place(number, row)
        found.append(place)
        for nominative, genitive in _names_of(row):
            _add_name(readings, place, n_names, nominative, genitive)
            n_names += 1
    forms = {key: tuple(by_slot.values()) for key, by_slot in readings.items()}
    return Gazetteer(
        places=tuple(found),
        forms=forms,
        forgiven=_forgiven(forms),
        prefixes=frozenset(key[:_PREFIX_LENGTH] for key in forms),
        pattern=_pattern(forms),
        cues={str(role): _word_list(words["word"]) for (role,), words in cues.group_by("role")},
    )


def single_letters(key: str) -> str:
    """A word with doubled letters made single: ``hyllykallio`` as ``hylykalio``."""
    return _DOUBLED.sub(r"\1", key)


def _read_place(number: int, row: Mapping[str, str | None]) -> Place:
    name = str(row["name_fi"])
    qualified = _QUALIFIED.match(name)
    words = (row["homonym_words"] or "").split(";")
    return Place(
        number=number,
        name=name,
        own_cases=_SERIES[str(row["local_series"])],
        homonyms=frozenset(filter(None, (row["homonym"] or "").split(";"))),
        homonym_words=_word_list(words),
        qualifier=qualified["qualifier"] if qualified else None,
        area_code=row["area_code"],
    )


def _names_of(row: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Nominative and genitive of every name of a place, without a qualifier in brackets."""
    bare = [_QUALIFIED.sub(r"\g<name>", str(row[column])) for column in ("name_fi", "genitive")]
    yield bare[0], bare[1]
    for pair in filter(None, (row["other_names"] or "").split(";")):
        nominative, _, genitive = pair.partition("/")
        yield nominative, genitive or nominative


def _add_name(
    readings: dict[str, dict[tuple[int, int], Reading]],
    place: Place,
    name: int,
    nominative: str,
    genitive: str,
) -> None:
    words, genitives = _SEPARATORS.split(nominative), _SEPARATORS.split(genitive)
    for slot, (word, own_genitive) in enumerate(zip(words, genitives, strict=True)):
        for form in inflect(word, own_genitive):
            # A word that is not inflected goes with every case of the others.
            cases = frozenset((form.case,)) if word != own_genitive else frozenset()
            _add_reading(readings, form, Reading(place, name, slot, len(words), form.stem, cases))


def _add_reading(
    readings: dict[str, dict[tuple[int, int], Reading]], form: Form, new: Reading
) -> None:
    by_slot = readings.setdefault(form.key, {})
    old = by_slot.get((new.name, new.slot))
    cases = new.cases | old.cases if old else new.cases
    by_slot[new.name, new.slot] = Reading(
        new.place, new.name, new.slot, new.n_slots, new.stem, cases
    )


def _forgiven(forms: Mapping[str, tuple[Reading, ...]]) -> dict[str, tuple[Reading, ...]]:
    """Forms of long names of one word that are no other word's, doubled letters made single."""
    return {
        single_letters(key): kept
        for key, readings in forms.items()
        if len(key) >= _FORGIVING_LENGTH
        and (kept := tuple(r for r in readings if r.n_slots == 1 and not r.place.homonyms))
    }


def _pattern(forms: Mapping[str, tuple[Reading, ...]]) -> str:
    """Regular expression that every text with a name matches, of texts in lower case.

    Beginnings of words; a name of several words by the first one's whole form and the beginning
    of the second.
    """
    singles = set[str]()
    pairs: dict[int, tuple[set[str], set[str]]] = {}
    for key, readings in forms.items():
        if any(r.n_slots == 1 for r in readings):
            # Ordinary words are many: more of their letters keep keskustelu and pohjoinen out.
            has_homonym = all(r.place.homonyms for r in readings)
            singles.add(key[: _HOMONYM_PREFIX_LENGTH if has_homonym else _PREFIX_LENGTH])
        for reading in readings:
            if reading.n_slots > 1 and reading.slot in (0, 1):
                pairs.setdefault(reading.name, (set(), set()))[reading.slot].add(key)
    starts = [*sorted(singles), *sorted({_pair_pattern(*pair) for pair in pairs.values()})]
    dotted = "|".join(starts).replace("a", "[aäå]").replace("o", "[oö]")
    return rf"(?:^|[^\p{{L}}])(?:{dotted})"


def _pair_pattern(firsts: set[str], seconds: set[str]) -> str:
    beginnings = {second[:_SECOND_PREFIX_LENGTH] for second in seconds}
    return rf"(?:{'|'.join(sorted(firsts))})[\s\p{{Pd}}]+(?:{'|'.join(sorted(beginnings))})"


def _word_list(words: "pl.Series | list[str]") -> WordList:
    folded = [fold_letters(str(word).lower()) for word in words if word]
    return WordList(
        words=frozenset(w for w in folded if not w.endswith("*")),
        beginnings=tuple(sorted(w.removesuffix("*") for w in folded if w.endswith("*"))),
    )
