"""What may be done, each with a sentence for people; roles and keys are sets of these."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from klantbeeld.kit.labels import Label

SCOPES: Mapping[str, Label] = MappingProxyType(
    {
        "sources:read": {
            "en": "See sources, their imports and their quarantine.",
            "nl": "Bronnen, hun imports en hun quarantaine zien.",
        },
        "sources:write": {"en": "Connect and change sources.", "nl": "Bronnen aansluiten en wijzigen."},
        "records:read": {
            "en": "See records as their source gave them.",
            "nl": "Records zien zoals hun bron ze gaf.",
        },
        "records:write": {"en": "Deliver records of a source.", "nl": "Records van een bron aanleveren."},
        "customers:find": {
            "en": "Find customers by number or name.",
            "nl": "Klanten vinden op nummer of naam.",
        },
        "customers:read": {
            "en": "See a customer's golden record and why it is what it is.",
            "nl": "Het klantbeeld zien en waarom het is zoals het is.",
        },
        "customers:sensitive": {
            "en": "See sensitive attributes such as bank accounts.",
            "nl": "Gevoelige kenmerken zien, zoals rekeningnummers.",
        },
        "customers:history": {
            "en": "See how a golden record was at earlier moments.",
            "nl": "Zien hoe een klantbeeld eerder was.",
        },
        "customers:merge": {
            "en": "Merge customers, and take a merge back.",
            "nl": "Klanten samenvoegen, en een samenvoeging terugdraaien.",
        },
        "customers:correct": {"en": "Correct a customer's values.", "nl": "Gegevens van een klant corrigeren."},
        "changes:read": {
            "en": "Follow which customers changed; ids only, no personal data.",
            "nl": "Volgen welke klanten wijzigden; alleen ids, geen persoonsgegevens.",
        },
        "quality:read": {
            "en": "See figures on the quality of the data.",
            "nl": "Cijfers over de kwaliteit van de gegevens zien.",
        },
        "consent:read": {
            "en": "See what a customer allowed, and ask whether something is allowed.",
            "nl": "Zien wat een klant toestond, en vragen of iets mag.",
        },
        "consent:write": {
            "en": "Record that a customer gave, withdrew or objected.",
            "nl": "Vastleggen dat een klant toestemming gaf, introk of bezwaar maakte.",
        },
        "audit:read": {"en": "See who saw or did what.", "nl": "Zien wie wat zag of deed."},
        "settings:write": {
            "en": "Change the attribute catalogue, purposes and users.",
            "nl": "Kenmerken, doelen en gebruikers wijzigen.",
        },
        "keys:write": {"en": "Make and revoke keys of machines.", "nl": "Sleutels van machines maken en intrekken."},
    }
)

#: These reach personal data: a request has to state its purpose.
PERSONAL = frozenset(
    {
        "records:read",
        "customers:find",
        "customers:read",
        "customers:sensitive",
        "customers:history",
        "customers:merge",
        "customers:correct",
        "consent:read",
        "consent:write",
    }
)
