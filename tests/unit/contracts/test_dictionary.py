"""The data dictionary and the warehouse's comments, as text."""

from data_contracts.contract import load_contracts
from data_contracts.dictionary import comments_of, render_dictionary
from tests.support.tables import column, table

TREES = table(
    column("tree_id", is_key=True, classification="internal"),
    column("language_code", code_list="language", description="Finnish | Swedish."),
    dataset_id="D99",
    has_rejects=True,
)


def test_a_chapter_has_heading_owner_and_a_line_per_column() -> None:
    text = render_dictionary([TREES])

    assert "## core_trees__trees (D99)\n" in text
    assert "*Puut.* Trees of the city's parks. One row per tree." in text
    assert "Owner: puutarhurit · version 1.0.0" in text
    assert "| **tree_id** | String | Sarake tree_id | What tree_id holds. | internal |" in text


def test_a_bar_in_a_description_does_not_break_the_table() -> None:
    assert "Finnish \\| Swedish. Codes: `language`. | open |" in render_dictionary([TREES])


def test_rejected_siblings_are_named_in_their_table_s_chapter_and_have_none() -> None:
    contracts = load_contracts()

    text = render_dictionary(
        [contracts["core_notes__notes"], contracts["core_notes__notes_rejected"]]
    )

    assert "Rejected rows: `core_notes__notes_rejected`." in text
    assert "## core_notes__notes_rejected" not in text


def test_the_page_ends_with_one_line_break_and_warns_of_editing() -> None:
    text = render_dictionary([TREES])

    assert "do not edit" in text
    assert text.endswith("|\n")


def test_comments_begin_with_the_table_and_follow_its_columns() -> None:
    assert comments_of(TREES) == [
        (None, "Puut. One row per tree."),
        ("tree_id", "Sarake tree_id: What tree_id holds."),
        ("language_code", "Sarake language_code: Finnish | Swedish."),
    ]
