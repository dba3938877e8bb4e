"""The spellings by which an answer says that it is none: don't know, not applicable, refused.

Belongs here: the built-in lists in Finnish, Swedish and English, and how text is folded before it
is compared. Does not: what one questionnaire declares by itself.

Only unlabelled codes are flagged as missing in real codebooks: of the 665 categories of fourteen
Finnish studies that say "don't know" none is. The label decides, never the number.
"""

import re
import unicodedata
from functools import cache

import polars as pl

VALID = "valid"
DONT_KNOW = "dont_know"
NOT_APPLICABLE = "not_applicable"
REFUSED = "refused"
NOT_ASKED = "not_asked"

#: What exports write into a cell that nobody filled in (Valssi: NULL; spreadsheets: #N/A).
EMPTY_CELLS = ("NULL", "#N/A", "#NULL!")
#: Empty too, unless the question is open.
DASHES = ("-", "–", "—", "−")
#: Valssi's mark of a question that was hidden from the respondent.
HIDDEN = "hidden"
#: Characters of the longest open answer that is looked at for such a spelling.
LONGEST_WITHOUT_ANSWER = 80

_PATTERNS = {
    DONT_KNOW: (
        r"(?:minä )?(?:en|ei) (?:vielä |oikein )?osaa (?:sanoa|vastata|arvioida)",
        r"e\. ?o\. ?s\.?",
        r"eos",
        r"(?:on )?vaikea (?:sanoa|vastata|arvioida)",
        r"(?:en|ei) (?:oikein )?(?:tiedä|muista)",
        r"ei tietoa",
        r"(?:jag )?kan (?:inte|ej) (?:säga|svara|bedöma)",
        r"(?:jag )?vet (?:inte|ej)",
        r"(?:jag )?(?:minns|kommer) (?:inte|ej)(?: ihåg)?",
        r"svårt att (?:säga|svara|bedöma)",
        r"kis",
        r"(?:i )?(?:don'?t|do not|doesn'?t|does not) (?:know|remember)",
        r"(?:i )?(?:can'?t|can ?not) (?:say|tell|answer)",
        r"(?:hard|difficult) to say",
    ),
    NOT_APPLICABLE: (
        r"(?:tämä |kysymys )?ei koske \S+(?: \S+)?",
        r"ei sovellu",
        r"(?:det |frågan )?(?:gäller|berör) (?:inte|ej) \S+(?: \S+)?",
        r"(?:inte|ej) (?:aktuellt|tillämpligt|tillämplig)",
        r"(?:it |this )?(?:does not|doesn'?t) (?:apply|concern)(?: to)?(?: \S+){0,3}",
        r"not applicable",
        r"n/a",
    ),
    REFUSED: (
        r"(?:en|ei) (?:halua|halunnut) (?:sanoa|vastata|kertoa|ilmoittaa)",
        r"kieltäyty[iyn]+ (?:vastaamasta)",
        r"ei vastausta",
        r"(?:jag )?vill (?:inte|ej) (?:svara|säga|uppge|berätta)",
        r"inget svar",
        r"(?:i )?(?:prefer|would rather|'?d rather) not (?:to )?(?:say|answer|tell)",
        r"(?:i )?(?:don'?t|do not) (?:want|wish) to (?:say|answer|tell)",
        r"refused?(?: to answer)?",
        r"declined? to answer",
        r"no answer",
    ),
}
# Python and Polars differ about what \s is.
_BLANKS = r"[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+"
_APOSTROPHES = "[’‘´`ʼ]"
_WHOLE_NUMBER = r"^([+-]?[0-9]+)[.,]0+$"
_DECIMAL_COMMA = r"^([+-]?[0-9]+),([0-9]+)$"


def fold(text: str) -> str:
    """Text as it is compared: NFC, single blanks, lower case, ``7,0`` as ``7``, ``2,5`` ``2.5``."""
    plain = re.sub(_BLANKS, " ", unicodedata.normalize("NFC", text)).strip(" ").lower()
    plain = re.sub(_APOSTROPHES, "'", plain)
    return re.sub(_DECIMAL_COMMA, r"\1.\2", re.sub(_WHOLE_NUMBER, r"\1", plain))


def folded(text: pl.Expr) -> pl.Expr:
    """``fold`` as an expression."""
    return (
        text.str.normalize("NFC")
        .str.replace_all(_rust(_BLANKS), " ")
        .str.strip_chars(" ")
        .str.to_lowercase()
        .str.replace_all(_APOSTROPHES, "'")
        .str.replace(_WHOLE_NUMBER, "${1}")
        .str.replace(_DECIMAL_COMMA, "${1}.${2}")
    )


def kind_of_label(label: str) -> str | None:
    """The way in which a label says that it is no answer; null when it is an answer.

    One part of it is enough: ``Vaikea sanoa / ei kokemusta``, ``9 - en osaa sanoa``.
    """
    text = fold(label)
    return next((kind for kind in _PATTERNS if re.search(_in_label(kind), text)), None)


def kind_of_open_answer(answer: str) -> str | None:
    """The kind of an open answer that says nothing else; null for everything that says more."""
    if len(answer) > LONGEST_WITHOUT_ANSWER:
        return None
    text = fold(answer)
    return next((kind for kind in _PATTERNS if re.search(_whole(kind), text)), None)


@cache
def _in_label(kind: str) -> str:
    any_of = "|".join(_PATTERNS[kind])
    return rf"(?:^|[/,;:=(.)] ?| [-–—] )(?:{any_of})(?:[.!*]*$| ?[/,;)(]| [-–—] )"


@cache
def _whole(kind: str) -> str:
    any_of = "|".join(_PATTERNS[kind])
    return rf"^(?:{any_of})(?:[ /,;.!]+(?:{any_of}))*[ .!…]*$"


def _rust(pattern: str) -> str:
    return re.sub(r"\\u([0-9A-F]{4})", r"\\u{\1}", pattern)
