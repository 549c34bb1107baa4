"""The facts of a customer at one company that criteria may use: what they are called and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from klantbeeld.engines.expressions import BOOLEAN, INTEGER, MOMENT, Attribute, Catalogue, Type
from klantbeeld.kit.labels import Label

Group = Literal["party", "content", "activity", "contract", "consent"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `groups`: what has to be read to know it. `moving`: it changes with time alone."""

    name: str
    type: Type
    nl: str
    en: str
    groups: tuple[Group, ...]
    moving: bool = False

    @property
    def label(self) -> Label:
        """What people call it."""
        return {"nl": self.nl, "en": self.en}


# Counting nothing is 0; everything else that no record tells is unknown, and unknown never makes a criterion true.
FACTS: tuple[Fact, ...] = (
    Fact("records", INTEGER, "aantal records", "number of records", ("party",)),
    Fact("first_seen_at", MOMENT, "eerst gezien", "first seen", ("party",)),
    Fact("has_name", BOOLEAN, "naam bekend", "name known", ("content",)),
    Fact("has_email", BOOLEAN, "e-mailadres bekend", "e-mail address known", ("content",)),
    Fact("has_phone", BOOLEAN, "telefoonnummer bekend", "phone number known", ("content",)),
    Fact("has_address", BOOLEAN, "adres bekend", "address known", ("content",)),
    Fact(
        "has_contact_point",
        BOOLEAN,
        "e-mailadres, telefoonnummer of adres bekend",
        "e-mail address, phone number or address known",
        ("content",),
    ),
    Fact("activities", INTEGER, "aantal activiteiten", "number of activities", ("activity",)),
    Fact("last_activity_at", MOMENT, "laatste activiteit", "last activity", ("activity",)),
    Fact("orders", INTEGER, "aantal bestellingen", "number of orders", ("activity",)),
    Fact("orders_12m", INTEGER, "bestellingen in 12 maanden", "orders in 12 months", ("activity",), moving=True),
    Fact("first_order_at", MOMENT, "eerste bestelling", "first order", ("activity",)),
    Fact("last_order_at", MOMENT, "laatste bestelling", "last order", ("activity",)),
    Fact("contracts_active", INTEGER, "lopende contracten", "contracts in force", ("contract",), moving=True),
    Fact("contracts_ended", INTEGER, "beëindigde contracten", "ended contracts", ("contract",), moving=True),
    Fact(
        "first_business_at",
        MOMENT,
        "eerste bestelling of begin van een contract",
        "first order or start of a contract",
        ("activity", "contract"),
    ),
    Fact(
        "last_business_at",
        MOMENT,
        "laatste bestelling of einde van een contract",
        "last order or end of a contract",
        ("activity", "contract"),
        moving=True,
    ),
    Fact(
        "marketing_consent",
        BOOLEAN,
        "toestemming voor aanbiedingen",
        "consent to offers",
        ("consent",),
        moving=True,  # an act of consent moves no record: it is noticed when time is looked at
    ),
)
BY_NAME = {fact.name: fact for fact in FACTS}
CATALOGUE = Catalogue(Attribute(fact.name, fact.type, nl=fact.nl, en=fact.en) for fact in FACTS)
