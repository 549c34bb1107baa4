"""Problems in the reader's language: Dutch or English, by Accept-Language (RFC 9110, 12.5.4).

English is written where the error is raised; the Dutch text is found here by its code. What has no Dutch text stays
English, and Content-Language says so: a detail that names a row or a column is worth more than one that does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header

LANGUAGES = ("en", "nl")
_language: ContextVar[str] = ContextVar("problem_language", default="en")

TITLES: Mapping[int, str] = {
    400: "Het verzoek is niet te lezen",
    401: "Zeg wie u bent",
    403: "Niet toegestaan",
    404: "Niet gevonden",
    405: "Dit adres kent deze methode niet",
    409: "In strijd met de huidige toestand",
    412: "Intussen gewijzigd",
    413: "Te groot",
    415: "Stuur JSON",
    422: "Het verzoek zegt iets wat niet kan",
    429: "Te veel verzoeken",
    500: "Onze fout",
    503: "Nu niet beschikbaar",
}

#: By code; words between braces are places that the error names (`KlantbeeldError.where`).
DETAILS: Mapping[str, str] = {
    "access.unknown": "Stuur `Authorization: Bearer kb_live_...` met een sleutel die geldig is.",
    "access.scope_missing": "Deze sleutel heeft het recht {scope} niet; een beheerder kan het geven.",
    "access.purpose_missing": "Noem het doel: waarvoor hebt u de gegevens van deze klant nodig?",
    "access.purpose_unknown": "Dit is geen doel waarvoor klantgegevens mogen worden gebruikt.",
    "access.purpose_refused": "Deze sleutel mag klantgegevens niet gebruiken voor '{purpose}'.",
    "access.attribute_refused": "Voor '{purpose}' is het kenmerk {attribute} niet te zien, en niet om op te zoeken.",
    "record.invalid": "{place}: {fault}.",
    "corrections.value": "{attribute}: de waarde heeft niet de vorm die het kenmerk vraagt.",
    "corrections.form": "{attribute} kan meer waarden hebben: geef een lijst van value en role.",
    "corrections.prefix": "{attribute} hoort bij {leader}: corrigeer dat, tussenvoegsel en naam in een.",
    "sources.declaration": "{told}",
    "sources.company": "Deze sleutel declareert alleen bronnen van het eigen bedrijf.",
    "sources.unknown_source": "Er is geen bron '{source}'; declareer hem voordat records ernaar verwijzen.",
    "missing": "Op dit adres is niets.",
    "customer.missing": "Er is geen klant met dit id.",
    "records.missing": "Er is geen record met dit id.",
    "bsn.refused": "{place}: een burgerservicenummer (BSN) wordt geweigerd; er is geen wettelijke grond voor.",
    "sources.missing": "Er is geen bron '{source}'.",
    "sources.builtin": "'{source}' is ingebouwd en heeft geen declaratie.",
    "sources.run_missing": "Er is geen import met dit id.",
    "sources.code_differs": "/code: dit is een andere code dan die in het adres.",
    "jobs.missing": "Er is geen taak met dit id.",
    "attribute.missing": "Dit kenmerk bestaat niet, of is voor dit doel niet te zien.",
    "identity.no_decision": "Er is geen samenvoeging met dit id.",
    "identity.revoked": "Deze samenvoeging is al teruggedraaid.",
    "customers.too_few": "Noem ten minste twee klanten.",
    "customers.already_one": "Ten minste twee van deze ids horen al bij één klant.",
    "customers.empty": "Deze klant heeft geen records meer; er valt niets te wijzigen.",
    "reviews.missing": "Er is geen beoordeling met dit id.",
    "reviews.changed": "Iemand heeft hier intussen over beslist, of de records zijn gewijzigd. Bekijk het opnieuw.",
    "reviews.until": "until: verwacht werd een moment in de toekomst, hoogstens tien jaar vanaf nu.",
    "reviews.not_put_off": "Dit was niet uitgesteld.",
    "reviews.not_proposed": "Hier is niets voorgesteld.",
    "reviews.assignee": "Dit is geen medewerker die over twijfelgevallen mag beslissen.",
    "reviews.not_in_it": "Ten minste één van deze klanten hoort niet bij deze beoordeling.",
    "reviews.same_person": "U hebt dit zelf voorgesteld; een andere gegevensbeheerder moet het ermee eens zijn.",
    "reviews.second_is_person": "Alleen een medewerker kan het met een voorstel eens zijn.",
    "reviews.second_needed": "Dit haalt de opgegeven grens; beslis het in de wachtrij, met een tweede beheerder.",
    "reviews.of_the_group": "De wachtrij is van de hele groep; een sleutel van één bedrijf komt er niet bij.",
    "reviews.there_already": "Het record hoort al bij deze klant.",
    "reviews.not_its_records": "Noem records van deze klant.",
    "reviews.nothing_left": "Laat ten minste één record over; meer zijn er niet.",
    "reviews.no_sample": "Er is nog niets automatisch samengevoegd; er valt niets te controleren.",
    "reviews.sample_missing": "Er is geen steekproef met dit id.",
    "reviews.check_missing": "Er is geen controle met dit id.",
    "corrections.nothing": "Over dit kenmerk is nooit iets gezegd; er valt niets terug te nemen.",
    "corrections.attribute": "Dit kenmerk bestaat niet, of is niet te corrigeren.",
    "compare.not_comparable": "/customers: noem twee verschillende klanten, beide personen of beide organisaties.",
    "cursor.malformed": "cursor: niet een die deze lijst heeft gegeven; laat hem weg om vooraan te beginnen.",
    "precondition.malformed": 'If-Match: verwacht werd een ETag die wij gaven, zoals "v3".',
    "precondition.failed": "Dit is intussen gewijzigd. Lees het opnieuw en beslis opnieuw.",
    "idempotency.key_malformed": "Idempotency-Key: verwacht werden 1 tot 255 afdrukbare tekens.",
    "idempotency.in_flight": "Het eerste verzoek met deze Idempotency-Key loopt nog; probeer het zo weer.",
    "idempotency.key_reused": "Deze Idempotency-Key is voor een ander verzoek gebruikt; maak er een per verzoek.",
    "body.too_large": "Het bericht is te groot; stuur het in delen.",
    "too_many": "Deze sleutel vraagt te vaak; wacht {retry_after} s en ga verder.",
    "unavailable": "De database kan dit nu niet doen; probeer het opnieuw.",
    "internal": "Er ging bij ons iets mis; het staat in het logboek.",
}

#: What pydantic finds wrong, by its type of error; words between braces come from its context.
FAULTS: Mapping[str, str] = {
    "missing": "ontbreekt",
    "extra_forbidden": "hoort hier niet",
    "string_type": "verwacht werd tekst",
    "string_too_short": "verwacht werden ten minste {min_length} tekens",
    "string_too_long": "verwacht werden hoogstens {max_length} tekens",
    "string_pattern_mismatch": "heeft niet de verwachte vorm: {pattern}",
    "int_type": "verwacht werd een geheel getal",
    "int_parsing": "verwacht werd een geheel getal",
    "int_from_float": "verwacht werd een geheel getal",
    "bool_type": "verwacht werd true of false",
    "bool_parsing": "verwacht werd true of false",
    "list_type": "verwacht werd een lijst",
    "dict_type": "verwacht werd een object",
    "model_attributes_type": "verwacht werd een object",
    "model_type": "verwacht werd een object",
    "too_short": "verwacht werden er ten minste {min_length}",
    "too_long": "verwacht werden er hoogstens {max_length}",
    "greater_than_equal": "verwacht werd ten minste {ge}",
    "less_than_equal": "verwacht werd hoogstens {le}",
    "literal_error": "verwacht werd {expected}",
    "date_from_datetime_parsing": "verwacht werd een datum: 1980-05-31",
    "date_parsing": "verwacht werd een datum: 1980-05-31",
    "datetime_from_date_parsing": "verwacht werd een moment: 2026-11-21T12:00:00+01:00",
    "datetime_parsing": "verwacht werd een moment: 2026-11-21T12:00:00+01:00",
    "timezone_aware": "verwacht werd een moment met zijn tijdzone: 2026-11-21T12:00:00+01:00",
}


#: What is wrong with a record, by the code of the fault (`foundation.rules.values.Faulty`, `exchange.drafts`).
RECORD_FAULTS: Mapping[str, str] = {
    "bsn": "een burgerservicenummer (BSN) wordt geweigerd: er is geen wettelijke grond om het te bewaren",
    "text": "verwacht werd tekst",
    "long_text": "verwacht werden hoogstens {most} tekens",
    "long_role": "verwacht werd een rol van hoogstens {most} tekens",
    "most_values": "verwacht werden hoogstens {most} waarden",
    "unknown_part": "een waarde heeft value, role, from en to; niet {names}",
    "number": "verwacht werd een getal",
    "boolean": "verwacht werd true of false",
    "date": "verwacht werd een datum: 1980, 1980-05 of 1980-05-31",
    "moment": "verwacht werd een moment met zijn tijdzone: 2026-11-21T12:00:00+01:00",
    "money": 'verwacht werd een bedrag met hoogstens vier decimalen: "1234.50"',
    "choice": "verwacht werd een van {codes}",
    "email": "verwacht werd een e-mailadres",
    "phone": "verwacht werd een telefoonnummer",
    "address": "verwacht werd een adres met delen uit {parts}",
    "lines": "verwacht werd een lijst van hoogstens 1000 regels",
    "no_attribute": "kenmerk '{attribute}' bestaat niet van de soort {kind}",
    "year": "valt buiten de jaren 1 tot 9999 in UTC",
    "future": "ligt meer dan 24 uur in de toekomst",
    "no_source": "deze bron is er niet; sluit hem aan voordat records ernaar verwijzen",
    "role_ends": "een rol bindt dit record aan een ander: laat holder of target weg voor dit record zelf",
    "role_period": "eindigt voordat het begint",
}


def language_of(header: str) -> str:
    """The language that an Accept-Language asks for most among ours; English when it asks for neither."""
    for asked, _ in parse_accept_lang_header(header.lower()[:200]):
        if asked == "*":
            break
        if asked.split("-")[0] in LANGUAGES:
            return asked.split("-")[0]
    return "en"


@contextmanager
def read_in(header: str) -> Iterator[None]:
    """Problems made inside are in the language that this Accept-Language asks for."""
    token = _language.set(language_of(header) if header else "en")
    try:
        yield
    finally:
        _language.reset(token)


def title(status: int, english: Mapping[int, str]) -> str:
    """The title of a status."""
    return (TITLES if _language.get() == "nl" else english).get(status, "Problem")


def detail(code: str, english: str, where: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, and the language that says it."""
    text = DETAILS.get(code) if _language.get() == "nl" else None
    return (english, "en") if text is None else (_filled(text, where), "nl")


def fault(kind: str, english: str, context: Mapping[str, Any]) -> str:
    """What is wrong with one value."""
    text = FAULTS.get(kind) if _language.get() == "nl" else None
    return english if text is None else _filled(text, context)


def record_fault(code: str, english: str, where: Mapping[str, Any] | None = None) -> str:
    """What is wrong with one value of a record."""
    text = RECORD_FAULTS.get(code) if _language.get() == "nl" else None
    return english if text is None else _filled(text, where or {})


def in_language() -> str:
    """The language that problems are told in now: nl or en."""
    return _language.get()


class _Places(dict[str, Any]):
    """What an error names; a place that it does not name is shown as three dots rather than ending the answer."""

    def __missing__(self, name: str) -> str:
        return "..."


def _filled(text: str, where: Mapping[str, Any]) -> str:
    return text.format_map(_Places(where))
