"""The attributes that klantbeeld knows from the start; a company adds its own as data."""

from __future__ import annotations

from typing import Any

from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.kit.labels import Label

_TRUSTED = ("steward", "verified", "rank", "recent", "frequent", "complete")
_NEWEST = ("steward", "verified", "recent", "rank", "frequent", "complete")
_GENDER: tuple[tuple[str, Label], ...] = (
    ("f", {"nl": "vrouw", "en": "female"}),
    ("m", {"nl": "man", "en": "male"}),
    ("x", {"nl": "anders", "en": "other"}),
)
_NAME_USE: tuple[tuple[str, Label], ...] = (
    ("E", {"nl": "eigen naam", "en": "own name"}),
    ("P", {"nl": "naam van de partner", "en": "partner's name"}),
    ("V", {"nl": "partner, dan eigen", "en": "partner, then own"}),
    ("N", {"nl": "eigen, dan partner", "en": "own, then partner"}),
)


def _specs(kind: str, *rows: tuple[str, str, str, str, dict[str, Any]]) -> tuple[AttributeSpec, ...]:
    return tuple(
        AttributeSpec(kind=kind, code=code, type=type_, label={"nl": nl, "en": en}, position=10 * place, **more)
        for place, (code, type_, nl, en, more) in enumerate(rows, start=1)
    )


_CONTACT = (
    ("address", "address", "Adres", "Address", {"many": True, "survivorship": _NEWEST, "matching": "address"}),
    ("email", "email", "E-mailadres", "E-mail address", {"many": True, "survivorship": _NEWEST, "matching": "email"}),
    ("phone", "phone", "Telefoonnummer", "Phone number", {"many": True, "survivorship": _NEWEST, "matching": "phone"}),
    (
        "iban",
        "text",
        "Rekeningnummer (IBAN)",
        "Bank account (IBAN)",
        {
            "many": True,
            "survivorship": _NEWEST,
            "matching": "identifier",
            "sensitivity": "sensitive",
            "purposes": ("contract", "service", "stewardship", "integration"),
        },
    ),
)

PERSON = _specs(
    "person",
    ("gender", "choice", "Geslacht", "Gender", {"choices": _GENDER, "matching": "gender"}),
    ("given_name", "text", "Roepnaam", "Given name", {"matching": "given_name"}),
    ("given_names", "text", "Voornamen", "Given names in full", {"matching": "middle_name"}),
    ("initials", "text", "Voorletters", "Initials", {"matching": "initials"}),
    ("name_prefix", "text", "Tussenvoegsel", "Name prefix", {"matching": "name_prefix"}),
    ("family_name", "text", "Achternaam", "Family name", {"matching": "family_name"}),
    ("partner_prefix", "text", "Tussenvoegsel partner", "Partner's name prefix", {}),
    ("partner_family_name", "text", "Achternaam partner", "Partner's family name", {"matching": "partner_name"}),
    ("name_use", "choice", "Naamgebruik", "Name in use", {"choices": _NAME_USE, "survivorship": _NEWEST}),
    ("full_name", "text", "Volledige naam", "Full name", {"matching": "full_name"}),
    ("birth_date", "date", "Geboortedatum", "Date of birth", {"matching": "birth_date"}),
    (
        "deceased_date",
        "date",
        "Overlijdensdatum",
        "Date of death",
        {
            "sensitivity": "sensitive",
            "purposes": ("contract", "service", "stewardship", "integration"),
        },
    ),
    ("language", "text", "Taal", "Language", {"survivorship": _NEWEST}),
    ("salutation", "text", "Aanhef", "Salutation", {"survivorship": _NEWEST}),
    *_CONTACT,
)

ORGANISATION = _specs(
    "organisation",
    ("name", "text", "Naam", "Name", {"matching": "organisation_name"}),
    ("trade_name", "text", "Handelsnaam", "Trade name", {"many": True}),
    ("legal_form", "text", "Rechtsvorm", "Legal form", {}),
    ("kvk", "text", "KVK-nummer", "Chamber of commerce number", {"matching": "kvk"}),
    ("vat", "text", "Btw-nummer", "VAT number", {"matching": "vat"}),
    ("website", "text", "Website", "Website", {"survivorship": _NEWEST, "matching": "website"}),
    *_CONTACT,
)

_THING: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("type", "text", "Soort", "Type", {}),
    ("title", "text", "Titel", "Title", {}),
    ("number", "text", "Nummer", "Number", {}),
    ("state", "text", "Status", "State", {"survivorship": _NEWEST}),
    ("at", "moment", "Moment", "Moment", {}),
    ("amount", "money", "Bedrag", "Amount", {}),
    ("cost", "money", "Kosten", "Cost", {"purposes": ("contract", "analysis", "stewardship", "administration")}),
    ("currency", "text", "Valuta", "Currency", {}),
    ("start_date", "date", "Begindatum", "Start date", {}),
    ("end_date", "date", "Einddatum", "End date", {"survivorship": _NEWEST}),
    ("product", "text", "Product", "Product", {}),
    ("lines", "lines", "Regels", "Lines", {}),
    ("address", "address", "Adres", "Address", {"survivorship": _NEWEST}),
)

STARTER: tuple[AttributeSpec, ...] = (
    *PERSON,
    *ORGANISATION,
    *(spec for kind in ("contract", "object", "activity") for spec in _specs(kind, *_THING)),
)
