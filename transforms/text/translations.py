"""Words of other languages as the Finnish words that they mean: what Finnish examples teach of
``kirjasto`` then holds for ``library`` too.

Only words of which Voikko knows no form, mended or not, are translated. The words stand in the
lexicon (``translations.csv``), the features of their Finnish side come from features.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

Translations = Mapping[str, tuple[str, ...]]

STEM = "*"  # ends an entry that stands for every word that begins so
#: What a foreign word takes over of a Finnish one: lemma, compound parts, what the lexicon says.
CARRIED = ("l=", "p=", "x=", "y=")
_LEAST_STEM = 3
_LEAST_REST = 4  # letters of a compound's second part
_JOINTS = re.compile(r"[-'\u2019:]")
_UNSPACED = "\u0590"  # from here on scripts join words, articles or prepositions to one run
_LONGEST_UNSPACED = 10


def find_translations(
    lexicon: pl.DataFrame, features_of: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Features that each foreign word or stem brings, in alphabetical order of the words.

    Args:
        lexicon: ``task``, ``code`` (the foreign word, or a stem with ``*``) and ``term`` (Finnish
            words with blanks between them); other tasks are left out.
        features_of: Features of every Finnish word, as ``features.features_of_types`` gives them.
    """
    found: dict[str, set[str]] = {}
    rows = lexicon.filter(pl.col("task") == "translation").select("code", "term").iter_rows()
    for foreign, finnish in rows:
        words = (features_of.get(word, ()) for word in finnish.lower().split())
        carried = {f for features in words for f in features if f.startswith(CARRIED)}
        found.setdefault(foreign.lower(), set()).update(carried)
    return {word: tuple(sorted(features)) for word, features in sorted(found.items())}


def translate(token: str, translations: Translations) -> list[str]:
    """Features of the Finnish words that a foreign token means; empty when none is known."""
    found = {f for word in _words_in(token) for f in _look_up(word, translations)}
    return sorted(found)


def _words_in(token: str) -> Iterator[str]:
    if token[0] < _UNSPACED:
        yield token
        if _JOINTS.search(token):
            yield from filter(None, _JOINTS.split(token))
        return
    for size in range(1, _LONGEST_UNSPACED + 1):
        yield from (token[i : i + size] for i in range(len(token) - size + 1))


def _look_up(word: str, translations: Translations) -> tuple[str, ...]:
    """The word, else its longest stem and, of a compound, what is left of it."""
    if word in translations:
        return translations[word]
    for end in range(len(word), _LEAST_STEM - 1, -1):
        stem = translations.get(word[:end] + STEM)
        if stem is not None:
            rests = (word[start:] for start in (end, end + 1) if len(word) - start >= _LEAST_REST)
            return stem + next(filter(None, (_look_up(r, translations) for r in rests)), ())
    return ()
