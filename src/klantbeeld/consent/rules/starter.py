"""The register of purposes to start from; a company adds and changes its own."""

from __future__ import annotations

from typing import NamedTuple

from klantbeeld.kit.labels import Label


class StarterPurpose(NamedTuple):
    """A purpose with its legal basis (GDPR, article 6(1))."""

    code: str
    label: Label
    basis: str
    reads_profiles: bool = True


STARTER: tuple[StarterPurpose, ...] = (
    StarterPurpose("service", {"nl": "Klanten helpen met hun vraag", "en": "Help customers"}, "contract"),
    StarterPurpose("contract", {"nl": "Overeenkomsten uitvoeren", "en": "Perform contracts"}, "contract"),
    StarterPurpose("marketing", {"nl": "Aanbiedingen doen", "en": "Make offers"}, "consent"),
    StarterPurpose("stewardship", {"nl": "Gegevens juist houden", "en": "Keep data accurate"}, "legitimate_interests"),
    StarterPurpose("analysis", {"nl": "Cijfers en onderzoek", "en": "Figures and research"}, "legitimate_interests"),
    StarterPurpose("integration", {"nl": "Systemen gelijk houden", "en": "Keep systems in step"}, "contract"),
    StarterPurpose("rights", {"nl": "Rechten van betrokkenen", "en": "Rights of data subjects"}, "legal_obligation"),
    StarterPurpose("fraud", {"nl": "Fraude voorkomen", "en": "Prevent fraud"}, "legitimate_interests"),
    StarterPurpose(
        "administration",
        {"nl": "Beheer van het systeem", "en": "Administration of the system"},
        "legitimate_interests",
        reads_profiles=False,
    ),
)

BASES: dict[str, Label] = {
    "consent": {"nl": "toestemming", "en": "consent"},
    "contract": {"nl": "overeenkomst", "en": "contract"},
    "legal_obligation": {"nl": "wettelijke plicht", "en": "legal obligation"},
    "vital_interests": {"nl": "vitaal belang", "en": "vital interests"},
    "public_task": {"nl": "publieke taak", "en": "public task"},
    "legitimate_interests": {"nl": "gerechtvaardigd belang", "en": "legitimate interests"},
}
