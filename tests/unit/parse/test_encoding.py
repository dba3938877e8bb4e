"""Text is decoded by what the bytes show; damage is counted, put right or refused."""

import codecs

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parse.encoding import decode_text, mend_surrogates, repair_mojibake
from transforms.parse.parsed import RefusedFileError

SENTENCE = "Törnävän rannan penkit ovat lahonneet – korjatkaa, kiitos!"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (SENTENCE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SENTENCE.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"), "utf-16-be"),
        (SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (SENTENCE.encode("utf-16-be"), "utf-16-be"),
        (SENTENCE.encode("cp1252"), "cp1252"),
    ],
)
def test_every_usual_encoding_gives_the_same_text(content: bytes, encoding: str) -> None:
    decoded = decode_text(content)

    assert (decoded.text, decoded.encoding_name) == (SENTENCE, encoding)
    assert (decoded.n_nul, decoded.n_replaced) == (0, 0)


def test_a_cp1252_file_may_end_with_its_only_letter_outside_ascii() -> None:
    assert decode_text("kesä".encode("cp1252")).text == "kesä"


@pytest.mark.parametrize(
    "content",
    [
        "Hyvä on, kyllä".encode()[:-1],
        b"Hyv\xc3",
        "Kiitos 🙂".encode()[:-2],
        codecs.BOM_UTF8 + "kesä".encode()[:-1],
        SENTENCE.encode("utf-16-le")[:-1],
        codecs.BOM_UTF16_LE + "a🙂".encode("utf-16-le")[:-2],
    ],
)
def test_a_file_cut_inside_a_character_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFileError, match=r"cut inside a character.*Fetch the file again"):
        decode_text(content)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04rest", b"%PDF-1.7 x", bytes(range(256)) * 10, b"\x00\x01\x02\x03" * 50],
)
def test_binary_content_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFileError, match=r"^Found .*, expected .*text"):
        decode_text(content)


def test_nul_characters_are_removed_and_counted() -> None:
    decoded = decode_text(b"a;b\n1;\x00x\x00\n")

    assert (decoded.text, decoded.n_nul) == ("a;b\n1;x\n", 2)


def test_foreign_bytes_among_much_utf8_are_read_as_cp1252_and_counted() -> None:
    decoded = decode_text("äiti;öljy;yö\n".encode() + "lähiö\n".encode("cp1252"))

    assert decoded.text == "äiti;öljy;yö\nlähiö\n"
    assert (decoded.encoding_name, decoded.n_replaced) == ("utf-8", 2)


def test_a_declared_encoding_is_followed_and_a_wrong_one_refused() -> None:
    assert decode_text("Ã¤".encode("cp1252"), declared="cp1252").text == "Ã¤"
    assert decode_text("ab".encode("utf-16-le"), declared="utf-16").text == "ab"
    with pytest.raises(RefusedFileError, match="not UTF-8 at byte 3"):
        decode_text("kesä ja".encode("cp1252"), declared="utf-8")
    with pytest.raises(RefusedFileError, match="expected one of"):
        decode_text(b"", declared="klingon")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode_text(codecs.BOM_UTF8 + text.encode()).text == text


def test_surrogates_are_joined_or_replaced() -> None:
    assert mend_surrogates("a\ud83d\ude42 b\ud83d c") == "a🙂 b\ufffd c"
    assert mend_surrogates("ääni") == "ääni"


def test_double_encoded_text_is_put_right_and_flagged() -> None:
    frame = pl.DataFrame(
        {
            "title": ["HyvÃ¤Ã¤ tyÃ¶tÃ¤", "Hyvää työtä", None],
            "text": ["ok", "Ã„itienpÃ¤ivÃ¤", "SÃO PAULO"],
        }
    )

    repaired = repair_mojibake(frame, ["title", "text"])

    assert repaired.rows() == [
        ("Hyvää työtä", "ok", True),
        ("Hyvää työtä", "Äitienpäivä", True),
        (None, "SÃO PAULO", False),
    ]


def test_decomposed_letters_and_invisible_characters_become_alike() -> None:
    frame = pl.DataFrame(
        {
            "text": [
                "a\u0308iti",
                "kun\u00adta",
                "\u202eabc\u200b",
                "x\u200dy",
                "a\r\nb\rc",
                "\x1b[31mx",
            ]
        }
    )

    assert repair_mojibake(frame, ["text"])["text"].to_list() == [
        "äiti",
        "kunta",
        "abc",
        "xy",
        "a\nb\nc",
        "[31mx",
    ]


def test_joined_emoji_stay_joined() -> None:
    family = "👨\u200d👩\u200d👧 ja 👩🏽\u200d🚒"

    assert repair_mojibake(pl.DataFrame({"t": [family]}), ["t"])["t"].to_list() == [family]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), min_size=1, max_size=5))
def test_repairing_twice_changes_nothing_more(texts: list[str | None]) -> None:
    mended = [None if text is None else mend_surrogates(text) for text in texts]
    once = repair_mojibake(pl.DataFrame({"t": mended}, schema={"t": pl.String}), ["t"])
    twice = repair_mojibake(once.drop("is_mojibake_repaired"), ["t"])

    assert twice["t"].to_list() == once["t"].to_list()
