"""What a rule says in Dutch and in English, denials included, and which attributes it uses."""

from __future__ import annotations

import pytest

from klantbeeld.engines.expressions import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    MOMENT,
    TEXT,
    Attribute,
    Catalogue,
    compile_expression,
    list_of,
)

CATALOGUE = Catalogue(
    [
        Attribute("city", TEXT, "woonplaats", "city"),
        Attribute("age", INTEGER, "leeftijd", "age"),
        Attribute("balance", DECIMAL, "saldo", "balance"),
        Attribute("optin", BOOLEAN, "nieuwsbrief", "newsletter"),
        Attribute("born", DATE, "geboortedatum", "date of birth"),
        Attribute("seen_at", MOMENT, "laatste bezoek", "last visit"),
        Attribute("tags", list_of(TEXT), "de kenmerken", "the tags"),
        Attribute("loyalty.points_total", INTEGER),
    ]
)


@pytest.mark.parametrize(
    ("text", "nl", "en"),
    [
        (
            'city == "Delft" && years_since(born) >= 18',
            "Woonplaats is “Delft” en het aantal hele jaren sinds geboortedatum is minstens 18.",
            "City is “Delft” and the number of whole years since date of birth is at least 18.",
        ),
        (
            '!(age < 18 || city in ["Delft", "Leiden"])',
            "Leeftijd is minstens 18 en woonplaats is geen van “Delft” of “Leiden”.",
            "Age is at least 18 and city is none of “Delft” or “Leiden”.",
        ),
        (
            "optin && (!has(city) || balance > 1.5)",
            "Nieuwsbrief is ja en (woonplaats is niet bekend of saldo is groter dan 1,5).",
            "Newsletter is yes and (city is not known or balance is more than 1.5).",
        ),
        (
            '!tags.exists(t, t.startsWith("vip"))',
            "Voor elk van de kenmerken (t) geldt: t begint niet met “vip”.",
            "For each of the tags (t): t does not start with “vip”.",
        ),
        (
            'seen_at > now - duration("720h") || seen_at < timestamp("2024-03-01T12:00:00Z")',
            "Laatste bezoek ligt na nu min 30 dagen of laatste bezoek ligt vóór 1 maart 2024 om 12:00 UTC.",
            "Last visit is after now minus 30 days or last visit is before 1 March 2024 at 12:00 UTC.",
        ),
        (
            "optin ? age > 18 : !optin",
            "Als geldt: nieuwsbrief is ja; dan: leeftijd is groter dan 18; anders: nieuwsbrief is nee.",
            "If newsletter is yes, then age is more than 18, otherwise newsletter is no.",
        ),
        (
            "(loyalty.points_total + 1) * 2 != 10",
            "(loyalty points total plus 1) maal 2 is niet 10.",
            "(loyalty points total plus 1) times 2 is not 10.",
        ),
        (
            'city.matches("^D") && born <= date("2000-05-06")',
            "Woonplaats voldoet aan het patroon “^D” en geboortedatum ligt niet na 6 mei 2000.",
            "City matches the pattern “^D” and date of birth is not after 6 May 2000.",
        ),
    ],
)
def test_sentence_says_what_the_rule_means(text: str, nl: str, en: str) -> None:
    expression = compile_expression(text, CATALOGUE)
    assert (expression.sentence("nl"), expression.sentence("en")) == (nl, en)


def test_attributes_are_listed_once_in_order_of_first_use() -> None:
    text = "has(city) && tags.all(t, t == city) && loyalty.points_total > age && age > 1"
    assert compile_expression(text, CATALOGUE).attributes == ("city", "tags", "loyalty.points_total", "age")


def test_text_is_written_in_one_spelling() -> None:
    text = " ( age>=18&&  city=='De \"L\"' )||!( optin )"
    assert compile_expression(text, CATALOGUE).text == 'age >= 18 && city == "De \\"L\\"" || !optin'
