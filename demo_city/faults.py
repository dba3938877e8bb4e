"""The faults of real life that the demo city holds on purpose: few, counted, and listed here.

GeoReport (``GeoFaults``)
    swapped_coordinates: latitude and longitude changed places.
    textual_coordinates: coordinates sent as strings.
    missing_requested: no ``requested_datetime`` at all; such a row must be rejected with a reason.
    double_encoded: UTF-8 read as Windows-1252 and encoded again (``tyÃ¶``).
    markup_text: a message that holds a formula, HTML or SQL.
    nul_text: a NUL inside a message.
    overlap_rows: an older answer of the server whose window overlaps two later ones.
Service desk CSV (``CrmFaults``)
    impossible_date: 31 February.
    unbalanced_quote: one quotation mark that never closes in its field.
    same_export_twice: the file once more under another name, without a column map.
Lists kept by hand (``by_hand.spoil``)
    31 February, a department's old name, an unknown audience, an id used twice, "n. 30" for a
    count, and a group larger than all who attended: six rows that must be rejected.
Elsewhere
    initiatives that a later listing no longer holds, pages of a listing that overlap, an export
    in UTF-16, invented personal data in messages and officers' signatures in replies.
"""

from typing import Any

from demo_city.chance import Chance

SWAPPED, TEXTUAL = 0.006, 0.02
MISSING_REQUESTED, DOUBLE_ENCODED, MARKUP, NUL = 3, 14, 6, 2
IMPOSSIBLE_DATES = 2
MARKUP_TEXTS = (
    '=HYPERLINK("https://esimerkki.example";"Katso tästä") linkki ei toimi teidän sivuilla',
    "<b>Aura-auto</b> ei ole käynyt! <script>alert('auraus')</script>",
    "'; DROP TABLE palautteet; -- miksi lomake ei hyväksy heittomerkkiä?",
    "+358 alkuinen numero ei kelpaa lomakkeelle, =1+1 kelpaa kyllä",
    "@kaupunki <img src=x onerror=alert(1)> kuvan lisääminen ei onnistu",
    "-2+3 astetta ja kadut täynnä loskaa & hiekkaa <br> milloin harjataan?",
)
Row = dict[str, Any]


class GeoFaults:
    """Spoils some GeoReport rows; ``counts`` says how many of each fault were planted."""

    def __init__(self, chance: Chance, *, n: int) -> None:
        self._chance = chance
        self.counts = dict.fromkeys(
            ("swapped_coordinates", "textual_coordinates", "missing_requested",
             "double_encoded", "markup_text", "nul_text"), 0,
        )  # fmt: skip
        scale = min(1.0, n / 15_000)
        self._left = {
            "missing_requested": max(1, round(MISSING_REQUESTED * scale)),
            "double_encoded": max(1, round(DOUBLE_ENCODED * scale)),
            "markup_text": max(1, round(MARKUP * scale)),
            "nul_text": max(1, round(NUL * scale)),
        }
        self._gap = max(1, n // (sum(self._left.values()) + 2))
        self._queue = [name for name, count in self._left.items() for _ in range(count)]
        self._since = 0

    def spoil(self, row: Row, *, number: int) -> Row:
        """The row, spoilt or not. ``number`` is the ticket's place in the history."""
        self._coordinates(row)
        self._since += 1
        if self._queue and self._since >= self._gap:
            name = self._queue[number % len(self._queue)]
            if name != "double_encoded" or any(letter in row["description"] for letter in "äö"):
                self._queue.remove(name)
                self._since = 0
                self._plant(name, row)
        return row

    def _coordinates(self, row: Row) -> None:
        if "lat" not in row:
            return
        draw = self._chance.unit()
        if draw < SWAPPED:
            row["lat"], row["long"] = row["long"], row["lat"]
            self.counts["swapped_coordinates"] += 1
        elif draw < SWAPPED + TEXTUAL:
            row["lat"], row["long"] = str(row["lat"]), str(row["long"])
            self.counts["textual_coordinates"] += 1

    def _plant(self, name: str, row: Row) -> None:
        if name == "missing_requested":
            del row["requested_datetime"]
        elif name == "double_encoded":
            row["description"] = encode_twice(row["description"])
        elif name == "markup_text":
            row["description"] = MARKUP_TEXTS[self.counts[name] % len(MARKUP_TEXTS)]
        else:
            row["description"] = f"{row['description']}\x00"
        self.counts[name] += 1


class CrmFaults:
    """Spoils a few rows of the service desk's table."""

    def __init__(self, *, n: int) -> None:
        self.counts = {"impossible_date": 0, "unbalanced_quote": 0}
        self._dates = {n // 5, n // 2} if n else set()
        self._quote = n * 2 // 3

    def received(self, text: str, *, place: int) -> str:
        """The time of receipt as typed at the desk."""
        if place not in self._dates:
            return text
        self.counts["impossible_date"] += 1
        return f"31.2.{text.split('.', 2)[2]}"

    def message(self, cell: str, *, place: int) -> str:
        """The finished CSV cell, or one whose opening quotation mark never closes."""
        if place != self._quote:
            return cell
        self.counts["unbalanced_quote"] += 1
        return '"' + cell.strip('"').replace('""', "").replace(";", ",").replace("\n", " ")


def encode_twice(text: str) -> str:
    """The text as it looks after UTF-8 has been read as Windows-1252."""
    out = []
    for byte in text.encode("utf-8"):
        try:
            out.append(bytes([byte]).decode("cp1252"))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return "".join(out)
