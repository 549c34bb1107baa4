"""The report page: complete in both languages, safe, and loading nothing."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from klantbeeld.engines.report import render
from klantbeeld.engines.report.charts import histogram, waterfall
from klantbeeld.engines.report.html import Markup, html, tag
from klantbeeld.engines.report.numbers import count, decimal, duration, percent, score
from klantbeeld.engines.report.texts import FIELDS, PHASES, TEXTS, Words

EVIL = "<script>alert('x')</script>&\"'"


def _figures(**changes: Any) -> dict[str, Any]:
    measures = {name: {"precision": 0.9, "recall": 0.8, "f1": 0.847} for name in ("pairwise", "cluster", "b_cubed")}
    record = {"file": "crm.csv", "source": EVIL, "record_id": "K1", "values": {"given_name": EVIL, "phone": None}}
    example = {
        "kind": "merged", "left": record, "right": record, "weight": 3.5, "probability": 0.92, "class": "match",
        "posteriors": {"match": 0.92, "household": 0.08, "namesake": 0.0, "random": 0.0}, "prior": -10.0,
        "steps": [
            {"field": "given", "name": {"en": "given name", "nl": "voornaam"}, "level": "same",
             "text": {"en": "the same", "nl": "gelijk"}, "left": EVIL, "right": EVIL, "weight": 13.5},
            {"field": "email", "name": {"en": "e-mail", "nl": "e-mail"}, "level": "missing",
             "text": {"en": "missing", "nl": "ontbreekt"}, "left": "", "right": "", "weight": 0.0},
        ],
        "sentence": {"en": f"Same {EVIL}", "nl": f"Dezelfde {EVIL}"},
    }  # fmt: skip
    file = {
        "name": "crm.csv", "form": "delimited", "encoding": "Windows-1252", "delimiter": ";", "rows": 1200,
        "record_id": None, "notes": [{"en": EVIL, "nl": EVIL}],
        "refused": {"count": 1, "by_reason": {"nul": 1}, "first": [
            {"line": 7, "reason": {"en": "contains a NUL character", "nl": "bevat een NUL-teken"}, "column": EVIL,
             "excerpt": EVIL}]},
        "columns": [{"column": EVIL, "type": "given_name", "scheme": "", "reason": {}, "filled": 0.5},
                    {"column": "x", "type": "ignore", "scheme": "", "reason": {"en": "a", "nl": "b"}, "filled": None}],
    }  # fmt: skip
    source = {
        "records": 600,
        "customers": 500,
        "double": 100,
        "only_here": 300,
        "filled": {"given_name": 0.5, "phone": None},
    }
    kinds = ("merged", "review", "household", "apart")
    figures = {
        "klantbeeld": "0.1.0", "made_at": "2026-03-04T05:06:07+00:00",
        "counts": {"records": 1200, "customers": 900, "suggested": 850, "households": 70, "review_pairs": 60,
                   "links": 400, "pairs": 5000, "refused": 1},
        "quality": {"column": EVIL, "records": 1000, "customer_id": measures, "suggested_id": measures},
        "thresholds": {"customer": 5.2, "suggested": 0.0},
        "sizes": {"customer_id": [[1, 700], [2, 150], [9, 50]], "suggested_id": [[1, 650], [2, 200]]},
        "weights": {"edges": [-2.0, -1.0, 0.0, 6.0], "by_class": {"match": [0, 0, 9], "random": [4, 1, 0]}},
        "sources": [{"name": EVIL, **source}, {"name": "shop", **source}],
        "overlap": {"sources": [EVIL, "shop"], "customers": [[500, 100], [100, 500]]},
        "explanations": [{**example, "kind": kind} for kind in kinds],
        "files": [file],
        "seconds": {"read": 0.4, "resolve": 83.0, "total": 205.0},
    }  # fmt: skip
    return {**figures, **changes}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.links += [v for k in ("href", "src", "xlink:href", "action") if (v := found.get(k))]
        self.ids += [v] if (v := found.get("id")) else []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "nl"])
def test_page_loads_nothing_and_its_links_lead_somewhere(language: Any) -> None:
    text = render(_figures(), language)
    page = _Page(text)
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not re.search(r"url\(|@import|https?://", text)
    assert "default-src 'none'" in text
    assert {"img", "link", "iframe", "object", "form"}.isdisjoint(page.tags)


def test_page_shows_values_and_never_runs_them() -> None:
    text = render(_figures(), "en")
    page = _Page(text)
    assert page.tags.count("script") == 1
    assert "<script>alert" not in text
    assert page.text.count("alert('x')") >= 8


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Who is who", "1,200 records turned out", "0.847", "2026-03-04 05:06", "3 min 25 s"]),
        ("nl", ["Wie is wie", "1.200 records blijken 900", "0,847", "4-3-2026 05:06", "+3,5", "−10,0"]),
    ],
)  # fmt: skip
def test_page_speaks_the_language_in_words_and_numbers(language: Any, expected: list[str]) -> None:
    text = _Page(render(_figures(), language)).text
    for words in expected:
        assert words in text


def test_page_leaves_out_what_there_is_not() -> None:
    figures = _figures(quality=None, explanations=[], weights={"edges": [], "by_class": {}})
    page = _Page(render(figures, "en"))
    assert {"truth", "why", "weights"}.isdisjoint(page.ids)
    assert {"result", "sources", "files"} <= set(page.ids)
    assert "#truth" not in page.links


def test_page_without_a_single_join_says_so() -> None:
    counts = {**_figures()["counts"], "records": 5, "customers": 5, "suggested": 5, "review_pairs": 0, "refused": 0}
    text = _Page(render(_figures(counts=counts), "en")).text
    assert "no two of them are certainly the same customer" in text


def test_waterfall_adds_up_and_stays_inside() -> None:
    chart = waterfall([("a", "", -4.0), ("b", "", 10.0), ("c", "", -1.0)], ("total", 5.0), "en")
    places = [(float(left), float(width)) for left, width in re.findall(r"--l:([\d.]+)%;--w:([\d.]+)%", chart)]
    assert len(places) == 4
    for left, width in places:
        assert left >= 0
        assert left + width <= 100.01
    # From 0 down to -4, up to 6, down to 5: on a span of 10 that starts at -4.
    assert places == [(0.0, 40.0), (0.0, 100.0), (90.0, 10.0), (40.0, 50.0)]
    assert re.findall(r'class="w">([^<]+)<', chart) == ["−4.0", "+10.0", "−1.0", "+5.0"]


def test_histogram_draws_every_part_once_with_its_count() -> None:
    counts = {"match": [0, 0, 9], "random": [4, 1, 0]}
    chart = histogram([-2.0, -1.0, 0.0, 6.0], counts, [(5.2, "joined", "firm"), (99.0, "far", "soft")], Words("en"))
    titles = re.findall(r"<title>([^<]+)</title>", chart)
    assert titles == ["−2.0 … −1.0: 4 × unrelated", "−1.0 … 0.0: 1 × unrelated", "0.0 … 6.0: 9 × same customer"]
    assert "joined" in chart
    assert "far" not in chart


def test_html_escapes_all_but_markup() -> None:
    assert html(EVIL) == "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;&quot;&#x27;"
    assert tag("p", Markup("<b>"), "<b>", None, class_='a"b', title=None) == '<p class="a&quot;b"><b>&lt;b&gt;</p>'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (count(1234567, "nl"), "1.234.567"),
        (count(1234567, "en"), "1,234,567"),
        (decimal(-1234.56, "nl"), "−1.234,6"),
        (decimal(0.04, "en", sign=True), "+0.0"),
        (percent(0.0, "en"), "0%"),
        (percent(0.0001, "en"), "<1%"),
        (percent(0.9999, "nl"), ">99%"),
        (percent(1.0, "en"), "100%"),
        (percent(None, "en"), "–"),
        (score(0.98765, "nl"), "0,988"),
        (duration(3.21, "nl"), "3,2 s"),
        (duration(205, "en"), "3 min 25 s"),
    ],
)
def test_numbers_are_written_as_people_do(written: str, expected: str) -> None:
    assert written == expected


def test_every_text_is_there_in_both_languages_with_the_same_places() -> None:
    for table in (TEXTS, FIELDS, PHASES):
        for key, (english, dutch) in table.items():
            assert english, key
            assert dutch, key
            assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", dutch)), key


def test_names_of_fields_are_for_people() -> None:
    words = Words("nl")
    assert words.field("family_name") == "Achternaam"
    assert words.field("phone_2") == "Telefoon 2"
    assert words.field("postcode_delivery") == "Postcode (delivery)"
    assert words.field("my_own_code") == "My own code"
