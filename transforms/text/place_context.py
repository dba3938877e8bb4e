"""Whether a word that looks like a place names it here: homonyms, persons, other names.

Evidence is added up; the weights are set by hand and explained in
docs/methods/places.md. The words that count are in ``lexicon/place_cues.csv``.
"""

import re

from transforms.text.gazetteer import Gazetteer
from transforms.text.place_scene import Mention, Scene, Words, ends_like_genitive, has_hyphen

_NEAR = 4
_SHORTEST_NAME = 3
_CLAUSE_END = re.compile(r"[.!?:;,\n\u2026()]")
#: Past tense, plural, and the long vowel of the present; a partitive behind a nominative is rare.
_VERB_ENDINGS = ("i", "vat", "aa", "ee", "oo", "uu", "yy", "ii")
_AND, _NOT = frozenset(("ja", "seka")), frozenset(("ei", "eivat"))
_INITIAL = re.compile(r"(?:^|[\s.-])[A-ZÅÄÖ]\. ?$")
_OUTER = frozenset(("ade", "abl", "all"))
_ELSEWHERE = frozenset(("ine", "ela", "ill", "ade", "abl", "all", "ess", "tra", "abe"))

# Weights. Positive speaks for the place; a mention counts when the sum is above zero.
_CAPITAL = 2.0
_OWN_CASE = 2.0
_OTHER_CASE = -2.0
_BARE = -1.0
_OF_SOMETHING = -2.5
_HOMONYM_WORD = -3.0
_HEAD = 2.0
_INSTITUTION = 5.0
_PLACED = 3.0
_NEIGHBOUR = 1.0
_START = {"word": -0.5, "rare_word": 1.5}
_LOWER_AMONG_CAPITALS = {"word": -3.0, "rare_word": -1.0}
_NO_CAPITALS = {"word": -1.0, "rare_word": 0.0}
_COMMON = 2.0
_SURNAME = 1.5
_FIRST_NAME = 0.5
_CERTAIN_PERSON = -4.0
_NEVER = -100.0
_LIKELY_PERSON = -2.0


def names_place(
    mention: Mention,
    words: Words,
    text: str,
    *,
    gazetteer: Gazetteer,
    certain: frozenset[int],
) -> bool:
    """Whether a mention names its place.

    Args:
        mention: A candidate of the text.
        words: All words of the text.
        text: The text as written.
        gazetteer: Gives the cue words.
        certain: Numbers of the places that the text names beyond doubt.
    """
    if not mention.place.homonyms and not has_hyphen(mention, text):
        return True
    evidence = _Evidence(mention, words, text, gazetteer, certain)
    if evidence.is_part_of_another_name():
        return False
    if mention.place.qualifier is not None:
        return evidence.is_qualified()
    if not mention.place.homonyms:
        return True
    return evidence.score() > 0


class _Evidence(Scene):
    """What speaks for the place and what against it."""

    def is_part_of_another_name(self) -> bool:
        """Keski-Nurmo, Nurmo-Jymy: not Nurmo. Kärki-Pohja, Nurmo-talo: yes."""
        before, behind = self.hyphened(-1), self.hyphened(1)
        if before is not None and not self.is_name_of_place(before):
            return True
        if behind is None or self.shouts() or not self.text[behind.start].isupper():
            return False
        are_both_owners = "gen" in self.mention.cases and ends_like_genitive(behind)
        return not are_both_owners and not self.is_name_of_place(behind)

    def is_qualified(self) -> bool:
        """Asema (Ylistaro): a school's name, with a capital or where the text names Ylistaro."""
        if self.mention.last > self.mention.first:  # a whole name, as Ylistaron Aseman koulu
            return True
        place = self.mention.place
        names = {other.number for other in self.gazetteer.places if other.name == place.qualifier}
        is_school = "gen" in self.mention.cases and self.is_cue("institution", self.next)
        return is_school and (bool(names & self.certain) or self.has_capital())

    def score(self) -> float:
        """Evidence for the place, added up."""
        homonyms = self.mention.place.homonyms
        total = _PLACED if self.is_cue("preposition", self.previous) else 0.0
        if self.has_homonym_word():
            total += _HOMONYM_WORD / (2 if self._has_telling_capital() else 1)
        if "common" in homonyms:
            return total + self._as_common_noun()
        if self._is_company():
            return _NEVER
        head = self._head()
        total += self._as_word() if homonyms & {"word", "rare_word"} else 0.0
        if "surname" in homonyms:
            total += self._as_surname()
        if "first_name" in homonyms:
            total += self._as_first_name()
        return total + head

    def _as_common_noun(self) -> float:
        """Keskusta, pohjoinen alue: a place unless it is something's (Nurmon keskusta)."""
        return _COMMON + (_OF_SOMETHING if self.is_of_something() else 0.0)

    def _as_word(self) -> float:
        kind = "word" if "word" in self.mention.place.homonyms else "rare_word"
        total = self._by_letters(kind)
        is_certain = self._has_telling_capital()
        if self.mention.cases & self.mention.place.own_cases:
            total += _OWN_CASE
        elif self.mention.cases & _ELSEWHERE:
            total += _OTHER_CASE / (2 if is_certain else 1)
        elif not is_certain:
            total += _BARE
        if self.is_of_something():
            total += _OF_SOMETHING / (2 if is_certain else 1)
        if self.is_in_a_list():
            return total + 2 * _NEIGHBOUR
        return total + (_NEIGHBOUR if self.has_neighbour() else 0.0)

    def _has_telling_capital(self) -> bool:
        """A capital that only a name has; the party Keskusta has it too."""
        is_common = "common" in self.mention.place.homonyms
        return not is_common and self.has_capital() and not self.begins_sentence()

    def _by_letters(self, kind: str) -> float:
        if self.shouts() or not any(c.isupper() for c in self.text):
            return _NO_CAPITALS[kind]
        if not self.has_capital():
            return _LOWER_AMONG_CAPITALS[kind]
        return _START[kind] if self.begins_sentence() else _CAPITAL

    def _as_surname(self) -> float:
        is_word_too = self.mention.place.homonyms & {"word", "rare_word"}
        base = 0.0 if is_word_too else _SURNAME
        if self._is_named_person() or self._is_told():
            return _NEVER
        if self.mention.cases & self.mention.place.own_cases:
            return base
        if self.mention.cases & _OUTER:
            return base + _LIKELY_PERSON
        return base + self._as_actor()

    def _as_actor(self) -> float:
        """Somebody who said or has something: Marttila soitti, Kivistön Pekka."""
        if "gen" in self.mention.cases:
            if self.is_cue("institution", self.next):
                return 0.0
            is_owner = self.is_cue("person_noun", self.next) or self._precedes_first_name()
            return _CERTAIN_PERSON if is_owner else 0.0
        acts = self._acts() or any(
            self.is_cue("person_verb", word) for word in self.following(_NEAR)
        )
        told_of = any(self.is_cue("pronoun", word) for word in self.following(5)) or any(
            self.is_cue("relative", word) for word in self.following(1)
        )
        greeted = self.is_cue("greeting", self.previous) and "nom" in self.mention.cases
        return _LIKELY_PERSON * (acts + told_of + greeted)

    def _acts(self) -> bool:
        """Whether a verb follows that places do not have: Jouppi hoiti, Marttila ei tervehdi."""
        behind = self.following(3, within=_CLAUSE_END)
        if len(behind) > 1 and behind[0].key in _AND:
            behind = behind[2:]
        is_denied = len(behind) > 1 and behind[0].key in _NOT
        words = [w for w in behind[is_denied:] if w.key != "ole"]
        if not words or self.is_cue("place_verb", words[0]):
            return False
        return is_denied or words[0].key.endswith(_VERB_ENDINGS)

    def _as_first_name(self) -> float:
        if self.is_cue("kin", self.previous):
            return _NEVER
        near = self.preceding(3) + self.following(3)
        has_kin = any(self.is_cue("kin", word) for word in near)
        if self.mention.cases & self.mention.place.own_cases:
            return _OWN_CASE
        total = _FIRST_NAME + (_LIKELY_PERSON if has_kin else 0.0)
        if self.is_in_a_list():
            total += 2 * _NEIGHBOUR
        if "gen" in self.mention.cases:
            return total
        return total + _BARE + self._as_actor()

    def _head(self) -> float:
        """Kärjen koulu, Uppan suunta: the word behind a genitive that only places have."""
        if "gen" not in self.mention.cases:
            return 0.0
        if self.is_cue("institution", self.next):
            return _INSTITUTION
        return _HEAD if self.is_cue("area_head", self.next) else 0.0

    def _is_told(self) -> bool:
        """Kerroin Kivistölle, kiitos Marttilalle."""
        near = self.preceding(3)
        if any(self.is_cue("contact", word) for word in near):
            return bool(self.mention.cases & {"all", "abl", "ill"})
        told = any(self.is_cue("telling", word) for word in near)
        return told and bool(self.mention.cases & {"all", "abl"})

    def _follows_title(self) -> bool:
        word = self.previous
        if word is None:
            return False
        ends = tuple(self.gazetteer.cues["person_title_end"].words)
        return self.is_cue("person_title", word) or word.key.endswith(ends)

    def _is_named_person(self) -> bool:
        """Rehtori Niemistö, Liisa Joupin; but asiakas Vuolteelta is from there."""
        is_from_there = self.mention.cases & self.mention.place.own_cases - {"all"}
        return not is_from_there and (self._follows_title() or self._follows_first_name())

    def _follows_first_name(self) -> bool:
        """A first name or initial just before; inside a sentence, any capital but a genitive's."""
        start = self.mention.start
        if _INITIAL.search(self.text[max(start - 5, 0) : start]):
            return True
        word = self.previous
        if word is None or self.is_name_of_place(word):
            return False
        if self.is_cue("first_name", word):
            return True
        is_name = self.text[word.start].isupper() and not self.shouts()
        if not is_name or self.begins_sentence_at(self.mention.first - 1):
            return False
        is_placed = self.mention.cases & self.mention.place.own_cases
        return not is_placed and not ends_like_genitive(word)

    def _precedes_first_name(self) -> bool:
        word = self.next
        if word is None or self.shouts() or self.is_name_of_place(word):
            return False
        letters = self.text[word.start : word.end]
        return len(letters) >= _SHORTEST_NAME and letters[0].isupper() and letters[1:].islower()

    def _is_company(self) -> bool:
        return self.is_cue("company", self.previous) or self.is_cue("company", self.next)
