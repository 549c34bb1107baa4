"""What the house refuses, in the reader's language: English stands where it is raised, the rest is found by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from klantbeeld.foundation.rules.scopes import SCOPES
from klantbeeld.kit.errors import KlantbeeldError
from klantbeeld.ui.words import label

#: By code; %(names)s are places that the error names (`KlantbeeldError.where`).
TEXTS: Mapping[str, str] = {
    "access.scope_missing": gettext_noop(
        "Your role may not do this: %(right)s An administrator can give you the right (%(scope)s)."
    ),
    "access.purpose_missing": gettext_noop("State for which purpose you need this customer's data."),
    "access.purpose_unknown": gettext_noop("This is not a purpose for which customer data may be used."),
    "access.purpose_refused": gettext_noop("Your role may not use customer data for this purpose: %(purpose)s."),
    "access.attribute_refused": gettext_noop(
        "For your purpose this is not to be seen, so a list is not narrowed by it."
    ),
    "attribute.missing": gettext_noop("There is no such attribute, or it cannot be seen for your purpose."),
    "corrections.attribute": gettext_noop("There is no such attribute, or you cannot correct it."),
    "corrections.nothing": gettext_noop("Nothing was corrected here; there is nothing to take back."),
    "corrections.prefix": gettext_noop("A prefix is corrected together with its name."),
    "customer.changed": gettext_noop("Somebody changed this customer meanwhile; look again and decide anew."),
    "customer.missing": gettext_noop("There is no customer with this id."),
    "customers.already_one": gettext_noop("These are one customer already."),
    "customers.empty": gettext_noop("This customer has no records any more; there is nothing to change."),
    "customers.too_few": gettext_noop("Name at least two customers."),
    "identity.kinds_differ": gettext_noop("A person and an organisation are never one customer."),
    "identity.no_customer": gettext_noop("There is no customer with this id."),
    "identity.no_decision": gettext_noop("There is no such decision."),
    "identity.revoked": gettext_noop("This decision was taken back already."),
    "moment.future": gettext_noop("This moment is still to come; ask for one that has been."),
    "reviews.assignee": gettext_noop("This is no employee who may decide about matches."),
    "reviews.changed": gettext_noop("Somebody decided about this meanwhile, or its records changed. Look at it again."),
    "reviews.missing": gettext_noop("There is no review with this id."),
    "reviews.no_sample": gettext_noop("Nothing was joined automatically yet; there is nothing to check."),
    "reviews.not_its_records": gettext_noop("Name records of this customer."),
    "reviews.not_proposed": gettext_noop("Nothing was proposed here."),
    "reviews.not_put_off": gettext_noop("This was not put off."),
    "reviews.nothing_left": gettext_noop("Leave at least one record; these are all there are."),
    "reviews.same_person": gettext_noop("You proposed this yourself; another steward has to agree."),
    "reviews.sample_size": gettext_noop("A sample has 1 to 1000 records."),
    "reviews.text": gettext_noop("A comment has 1 to 2000 characters."),
    "reviews.there_already": gettext_noop("The record belongs to this customer already."),
    "reviews.until": gettext_noop("Put it off until a moment in the future, at most ten years from now."),
    "reviews.second_needed": gettext_noop(
        "This reaches the declared impact: a second steward has to agree. Decide it in the review queue."
    ),
    "sources.builtin": gettext_noop("This source is ours and has no declaration."),
    "sources.missing": gettext_noop("There is no such source."),
    "sources.run_missing": gettext_noop("There is no such import."),
}


def problem_text(error: KlantbeeldError) -> str:
    """The text of an error in the reader's language; one without a text of ours as it was raised."""
    text = TEXTS.get(error.code)
    if text is None:
        return error.message
    scope = str(error.where.get("scope", ""))
    places = _Places(error.where, right=label(SCOPES[scope]) if scope in SCOPES else scope)
    return gettext(text) % places


class _Places(dict[str, Any]):
    """What an error names; a place that it does not name is shown as three dots rather than ending the answer."""

    def __missing__(self, name: str) -> str:
        return "…"
