"""Words for codes that sources declare: roles, types, schemes of numbers. Unknown ones show as they are."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

ROLES = {
    "customer": gettext_noop("customer"),
    "buyer": gettext_noop("buyer"),
    "receiver": gettext_noop("receiver"),
    "payer": gettext_noop("payer"),
    "policyholder": gettext_noop("policyholder"),
    "insured": gettext_noop("insured"),
    "beneficiary": gettext_noop("beneficiary"),
    "tenant": gettext_noop("tenant"),
    "owner": gettext_noop("owner"),
    "keeper": gettext_noop("keeper"),
    "resident": gettext_noop("resident"),
    "occupant": gettext_noop("resident"),
    "landlord": gettext_noop("landlord"),
    "guardian": gettext_noop("guardian"),
    "administrator": gettext_noop("court-appointed administrator"),
    "mentor": gettext_noop("court-appointed mentor"),
    "authorised_representative": gettext_noop("authorised representative"),
    "representative": gettext_noop("representative"),
    "employee": gettext_noop("employee"),
    "contact": gettext_noop("contact person"),
    "branch": gettext_noop("branch"),
    "parent": gettext_noop("parent company"),
    "caller": gettext_noop("caller"),
    "sender": gettext_noop("sender"),
    "subscriber": gettext_noop("subscriber"),
}
# The other side of a role: what the customer is to whom he holds the role in.
OTHER_SIDE = {
    "employee": gettext_noop("employer"),
    "contact": gettext_noop("organisation"),
    "branch": gettext_noop("head office"),
    "parent": gettext_noop("subsidiary"),
    "guardian": gettext_noop("represented by this customer"),
    "administrator": gettext_noop("represented by this customer"),
    "mentor": gettext_noop("represented by this customer"),
    "representative": gettext_noop("represented by this customer"),
    "authorised_representative": gettext_noop("represented by this customer"),
}
STATES = {
    "active": gettext_noop("active"),
    "ended": gettext_noop("ended"),
    "open": gettext_noop("open"),
    "closed": gettext_noop("closed"),
    "delivered": gettext_noop("delivered"),
    "returned": gettext_noop("returned"),
    "cancelled": gettext_noop("cancelled"),
    "paid": gettext_noop("paid"),
    "shipped": gettext_noop("on its way"),
    "addressee": gettext_noop("handed to the addressee"),
    "neighbour": gettext_noop("left with a neighbour"),
    "in": gettext_noop("incoming"),
    "out": gettext_noop("outgoing"),
    "uit": gettext_noop("outgoing"),
}
ACTIVITIES = {
    "order": gettext_noop("Order"),
    "order_line": gettext_noop("Order line"),
    "return": gettext_noop("Return"),
    "parcel": gettext_noop("Parcel"),
    "delivery": gettext_noop("Delivery"),
    "receipt": gettext_noop("Receipt"),
    "purchase": gettext_noop("Purchase"),
    "call": gettext_noop("Call"),
    "visit": gettext_noop("Visit"),
    "payment": gettext_noop("Payment"),
    "invoice": gettext_noop("Invoice"),
    "email": gettext_noop("E-mail"),
    "claim": gettext_noop("Claim"),
    "complaint": gettext_noop("Complaint"),
}
TYPES = {
    "policy": gettext_noop("Policy"),
    "dwelling": gettext_noop("Dwelling"),
    "subscription": gettext_noop("Subscription"),
    "lease": gettext_noop("Lease"),
    "vehicle": gettext_noop("Vehicle"),
    "car": gettext_noop("Car"),
    "parcel": gettext_noop("Parcel"),
    "loyalty": gettext_noop("Loyalty card"),
}
NUMBERS = {
    "customer_number": gettext_noop("Customer number"),
    "loyalty": gettext_noop("Loyalty card"),
    "loyalty_card": gettext_noop("Loyalty card"),
    "iban": gettext_noop("IBAN"),
    "kvk": gettext_noop("Chamber of Commerce"),
    "establishment": gettext_noop("Establishment number"),
    "passport": gettext_noop("Passport"),
    "plate": gettext_noop("Number plate"),
    "dwelling": gettext_noop("Dwelling"),
    "receipt": gettext_noop("Receipt"),
    "return": gettext_noop("Return"),
    "call": gettext_noop("Call"),
    "invoice": gettext_noop("Invoice"),
    "vat": gettext_noop("VAT number"),
    "account": gettext_noop("Account"),
    "relation_number": gettext_noop("Relation number"),
    "policy": gettext_noop("Policy"),
    "order": gettext_noop("Order"),
    "parcel": gettext_noop("Parcel"),
    "phone": gettext_noop("Phone"),
    "email": gettext_noop("E-mail"),
    "address": gettext_noop("Address"),
}
ICONS = {
    "order": "order",
    "order_line": "order",
    "receipt": "order",
    "purchase": "order",
    "return": "order",
    "parcel": "object",
    "delivery": "object",
    "call": "phone",
    "email": "mail",
    "payment": "contract",
    "invoice": "contract",
    "claim": "contract",
}


def role_word(code: str) -> str:
    """A role in the reader's language."""
    return gettext(ROLES[code]) if code in ROLES else plain(code).lower()


def other_side_word(code: str) -> str:
    """What somebody is to whom this customer holds the role in: of an employee the employer."""
    return gettext(OTHER_SIDE[code]) if code in OTHER_SIDE else role_word(code)


def state_word(code: str) -> str:
    """A state in the reader's language."""
    return gettext(STATES[code]) if code in STATES else plain(code).lower()


def activity_word(code: str) -> str:
    """A type of activity in the reader's language."""
    return gettext(ACTIVITIES[code]) if code in ACTIVITIES else plain(code)


def type_word(code: str) -> str:
    """A type of contract or object in the reader's language."""
    return gettext(TYPES[code]) if code in TYPES else plain(code)


def number_word(code: str) -> str:
    """A scheme of numbers in the reader's language."""
    return gettext(NUMBERS[code]) if code in NUMBERS else plain(code)


def activity_icon(code: str) -> str:
    """The icon of a type of activity."""
    return ICONS.get(code, "activity")


def plain(code: str) -> str:
    """A declared code made readable: `service_visit` gives `Service visit`."""
    return code.replace("_", " ").replace("-", " ").capitalize()
