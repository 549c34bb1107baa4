"""The policy that a new installation begins with; the group and each company may declare its own."""

from __future__ import annotations

from typing import Any

#: Roles of who is in an order or contract without being the one who bought: they make nobody a customer.
BYSTANDERS = ["receiver", "insured", "beneficiary", "caller", "visitor", "contact_person", "employee"]
#: An order in such a state was never one; a contract in such a state has ended.
VOID_STATES = ["cancelled", "canceled", "refused", "geannuleerd"]
ENDED_STATES = ["ended", "expired", "cancelled", "canceled", "terminated", "beëindigd", "opgezegd", "verlopen"]

STARTER: dict[str, Any] = {
    "schema": 1,
    "states": [
        {
            "code": "customer",
            "label": {"nl": "Klant", "en": "Customer"},
            "step": 3,
            "when": "contracts_active > 0 || last_order_at > now - days(730)",
            "since": "first_business_at",
        },
        {
            "code": "former",
            "label": {"nl": "Oud-klant", "en": "Former customer"},
            "step": 4,
            "when": "orders > 0 || contracts_ended > 0",
            "since": "last_business_at",
        },
        {
            "code": "lead",
            "label": {"nl": "Lead", "en": "Lead"},
            "step": 2,
            "when": "has_name && has_contact_point",
            "since": "first_seen_at",
        },
        {
            "code": "suspect",
            "label": {"nl": "Suspect", "en": "Suspect"},
            "step": 1,
            "when": "records > 0",
            "since": "first_seen_at",
        },
    ],
    "minimum": "lead",
    "bystanders": BYSTANDERS,
    "void_states": VOID_STATES,
    "ended_states": ENDED_STATES,
}
