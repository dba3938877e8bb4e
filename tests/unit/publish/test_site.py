"""What every page of the site promises: nothing foreign, nothing small, the same bytes."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from data_contracts.contract import load_codes
from tests.support.public_subjects import all_public_tables
from transforms.publish.desk import Desk
from transforms.publish.figures import Figure, Missing
from transforms.publish.labels import read_labels
from transforms.publish.pages import all_pages
from transforms.publish.public_tables import PublicTables
from transforms.publish.site import render_site
from transforms.publish.words import load_words


class _Reader(HTMLParser):
    """Tables of a page as texts, addresses in its attributes, and chart options."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in {"href", "src", "action", "srcset"}]


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def _desk(tables, about) -> Desk:
    words = load_words("fi")
    labels = read_labels(load_codes(), words=words)
    return Desk(PublicTables(tables, about.snapshot_on), labels, words, about)


# They count the city's own promises and measures.
_OF_THE_CITY = {"told", "audiences", "measure-years"}


def _figures(tables, about) -> list[Figure]:
    pages = all_pages(_desk(tables, about))
    return [b for p in pages for s in p.sections for b in s.blocks if isinstance(b, Figure)]


def test_there_is_a_page_for_the_city_each_department_in_force_and_each_subject(site):
    expected = {
        "index.html",
        "konserni.html",
        "sivistys_hyvinvointi.html",
        "kaupunkiymparisto.html",
        "elinvoima.html",
        "ulkopuolinen.html",
        "aloitteet.html",
        "kuultu.html",
        "nain-kuulimme.html",
        "ryhmat.html",
        "osallisuusmalli.html",
        "tiedot.html",
    }

    assert {path for path in site if path.endswith(".html")} == expected


def test_a_hostile_title_is_escaped_and_still_readable(pages):
    page = pages["aloitteet.html"]

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;valoja&#34;" in page


def test_no_page_or_shared_file_refers_to_another_host(site):
    for path, data in site.items():
        if path.endswith((".html", ".css", ".js")):
            found = set(re.findall(r"https?://[^\"'` )<>&]+", data.decode()))
            found -= {"http://example.invalid"}  # stands in an initiative's title, as text
            assert not {a for a in found if not a.startswith("http://www.w3.org/")}, path


def test_every_address_of_a_page_is_a_file_of_the_site_or_a_place_on_the_page(site, pages):
    for page in pages.values():
        for address in _read(page).addresses:
            path, _, place = address.partition("#")
            assert address == "data:," or not path or path in site, address
            assert not place or f'id="{place}"' in (pages[path] if path else page), address


def test_a_figure_leads_to_the_datasets_that_it_shows_and_says_their_day(pages):
    waiting = pages["index.html"].split('<figure id="waiting"')[1].split("</figure>")[0]

    assert waiting.rstrip().endswith(
        '<p class="source">Aineisto: <a href="tiedot.html#aineisto-feedback-response-times">'
        "Palautteiden käsittelyajat</a>, 31.10.2026</p>"
    )


def test_an_asterisk_among_key_figures_is_explained_beside_them(tables, about):
    times = tables["public_feedback__response_times"]
    values = {"km_median_hours": None, "n_tickets": None, "is_suppressed": True}
    hidden = times.with_columns(pl.lit(v).cast(times.schema[k]).alias(k) for k, v in values.items())

    found = render_site(
        {**tables, "public_feedback__response_times": hidden}, load_codes(), about=about
    )

    hero, departments = found["index.html"].decode().split('<section class="part"')[:2]
    assert "* Lukua ei näytetä" in hero
    assert "* Lukua ei näytetä" in departments


def test_an_address_in_a_title_is_text_and_never_a_link(pages):
    assert "http://example.invalid" in pages["aloitteet.html"]
    assert not any("example.invalid" in a for a in _read(pages["aloitteet.html"]).addresses)


def test_every_page_says_until_when_its_data_reach_and_which_sources_are_stale(pages):
    for page in pages.values():
        assert "Tiedot 31.10.2026 asti" in page
        assert "Lähteen Palautejärjestelmä tiedot ovat vanhentuneet." in page
        assert "Lähteen Webropol-kyselyt tiedot ovat vanhentuneet: viimeisin tieto on" in page


def test_the_table_behind_a_chart_holds_exactly_the_charts_numbers(tables, about):
    figures = [f for f in _figures(tables, about) if f.chart is not None]

    assert len(figures) > 20
    for figure in figures:
        dataset = figure.chart.option["dataset"]
        assert dataset["source"] == figure.grid.source()
        assert len(figure.grid.rows) == len(dataset["source"])


def test_the_charts_on_the_pages_are_those_of_the_grids(pages, tables, about):
    options = [
        json.loads(text)
        for page in pages.values()
        for text in re.findall(r'<script type="application/json">(.*?)</script>', page)
    ]

    expected = [f.chart.option for f in _figures(tables, about) if f.chart is not None]

    assert sorted(map(json.dumps, options)) == sorted(
        json.dumps(json.loads(json.dumps(o, sort_keys=True))) for o in expected
    )


def test_withheld_cells_stay_in_their_row_as_asterisks_with_the_reason(pages):
    page = pages["sivistys_hyvinvointi.html"]

    row = re.search(r"<th scope=\"row\">Museopalvelut</th>(.*?)</tr>", page, re.DOTALL)

    assert row is not None
    assert ">*</td>" in row.group(1)
    assert "alle 5 tapausta" in page


def test_a_withheld_figure_is_never_named_in_a_sentence(tables, about):
    heard = tables["public_heard__acts"].with_columns(
        pl.lit(None, pl.Int64).alias("n_acts"),
        pl.lit(value=True).alias("is_suppressed"),
        pl.lit("primary_small_n").alias("suppress_reason_code"),
    )

    figures = _figures({**tables, "public_heard__acts": heard}, about)

    sentences = {f.takeaway for f in figures if f.id in {"areas", "channels", "act-types"}}
    assert sentences == {
        "Lukuja ei näytetä: ne koskevat alle 5 tapausta tai suojaavat toista pientä lukua."
    }


def test_counts_under_the_threshold_are_in_no_table_or_chart(tables, about):
    counts = {"count"}
    of_people = [f for f in _figures(tables, about) if f.id not in _OF_THE_CITY]
    for figure in of_people:
        for row in figure.grid.rows:
            for value, field in zip(row, figure.grid.fields, strict=True):
                if field.form in counts and not isinstance(value, Missing):
                    assert value == 0 or value >= 5, (figure.id, field.label)


def test_a_missing_table_is_told_as_having_no_source(tables, about):
    without = {k: v for k, v in tables.items() if k != "public_service__satisfaction"}

    found = render_site(without, load_codes(), about=about)

    assert "Ei lähdettä: näitä tietoja ei ole saatu." in found["konserni.html"].decode()


def test_a_city_without_any_data_still_has_all_its_pages(about):
    found = render_site({}, load_codes(), about=about)

    assert "ei lähdettä" in found["index.html"].decode()
    assert len([p for p in found if p.endswith(".html")]) == 12


def test_tables_without_rows_are_as_good_as_missing_ones(tables, about):
    empty = {name: frame.clear() for name, frame in tables.items()}

    assert render_site(empty, load_codes(), about=about) == render_site(
        {}, load_codes(), about=about
    )


def test_the_same_input_gives_the_same_bytes_whatever_the_order_of_rows(site, about):
    shuffled = {
        name: frame.sample(fraction=1.0, shuffle=True, seed=3)
        for name, frame in reversed(all_public_tables().items())
    }

    again = render_site(shuffled, load_codes(), about=about)

    assert again == site


def test_the_moment_of_publishing_is_shown_only_when_given(tables, about):
    assert about.published_at is None
    other = replace(about, min_cell_n=10)

    page = render_site(tables, load_codes(), about=other)["index.html"].decode()

    assert "alle 10 tapausta" in page
    assert "Julkaistu " not in page


@pytest.mark.parametrize(("language", "words"), [("sv", "Uppgifter till"), ("en", "Data up to")])
def test_other_languages_mark_finnish_questions_and_titles(tables, about, language, words):
    found = render_site(tables, load_codes(), about=about, language=language)
    page = found["sivistys_hyvinvointi.html"].decode()

    assert f'<html lang="{language}">' in page
    assert words in page
    assert '<th scope="row" lang="fi">Aukioloajat</th>' in page
    assert 'lang="fi">Kirjaston asiakaskysely 2026</h3>' in page


def test_a_stale_pages_sentence_is_not_doubled_by_the_quality_report(tables, about):
    assert about.stale_sources[0].source_code == "georeport"
    stale = tables["public_data__quality_report"].with_columns(
        (pl.col("source_code") == "georeport").alias("is_stale")
    )

    page = render_site({**tables, "public_data__quality_report": stale}, load_codes(), about=about)[
        "tiedot.html"
    ].decode()

    assert page.count("tiedot ovat vanhentuneet") == 1
    assert "viimeisin tieto on päivältä 31.10.2026" in page
