"""Whether data of a customer may be used for a purpose, from the acts of that person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from klantbeeld.consent.contracts import Act, Answer, Reason
from klantbeeld.kit.labels import Label

_TEXTS: dict[str, Label] = {
    "objected": {"nl": "De klant heeft bezwaar gemaakt.", "en": "The customer objected."},
    "withdrawn": {"nl": "De klant heeft de toestemming ingetrokken.", "en": "The customer withdrew consent."},
    "given": {"nl": "De klant heeft toestemming gegeven.", "en": "The customer gave consent."},
    "expired": {"nl": "De toestemming is verlopen.", "en": "The consent has expired."},
    "absent": {"nl": "Er is geen toestemming vastgelegd.", "en": "No consent was recorded."},
    "basis": {
        "nl": "Het doel steunt op een andere grondslag dan toestemming, en er is geen bezwaar.",
        "en": "The purpose rests on another basis than consent, and there is no objection.",
    },
    "unknown_purpose": {"nl": "Dit doel staat niet in het register.", "en": "This purpose is not in the register."},
    "other_recipient": {
        "nl": "Toestemming voor de ontvanger ontbreekt.",
        "en": "There is no consent for this recipient.",
    },
}
#: Bases against which a person can object (GDPR, article 21(1)); to direct marketing always (21(2)).
OBJECTABLE = frozenset({"consent", "legitimate_interests", "public_task"})


class Asked(NamedTuple):
    """The question: for which purpose on which basis, to whom, over which channel, at which moment."""

    basis: str
    recipient: str
    channel: str
    at: datetime


def reason(code: str, act: Act | None = None) -> Reason:
    """A reason in both languages, with the act that it comes from."""
    return Reason(code, _TEXTS[code], act.record_id if act else None, act.id if act else None)


def decide(acts: Iterable[Act], asked: Asked) -> Answer:
    """The most restrictive answer over all records of the customer.

    Each record is judged by its own latest act in force for the recipient and the channel; an act for every channel
    and one for this channel count together, the later one first, but an objection or withdrawal for every channel is
    not undone by an older consent. One record that says no makes the answer no: after a merge the customer is never
    worse protected than before (and unmerging restores what each had, since acts hang on records).
    """
    latest: dict[tuple[int, str], Act] = {}
    other_recipient = False
    for act in sorted(acts, key=lambda act: (act.at, act.id)):
        if act.at > asked.at or (act.channel and act.channel != asked.channel):
            continue
        if act.act == "given" and act.recipient != asked.recipient:
            other_recipient = True
            continue
        if act.act != "given" and act.recipient not in ("", asked.recipient):
            continue
        # A later general act replaces what was said of one channel before.
        if not act.channel:
            latest.pop((act.record_id, asked.channel), None)
        latest[act.record_id, act.channel] = act
    return _weigh(latest.values(), asked, other_recipient)


def _weigh(acts: Iterable[Act], asked: Asked, other_recipient: bool) -> Answer:
    per_record: dict[int, Act] = {}
    for act in acts:
        known = per_record.get(act.record_id)
        if known is None or (act.at, act.id) > (known.at, known.id):
            per_record[act.record_id] = act
    acts = sorted(per_record.values(), key=lambda act: (act.at, act.id), reverse=True)
    needs_consent = asked.basis == "consent" or bool(asked.recipient)
    against = [act for act in acts if act.act == "objected" and (needs_consent or asked.basis in OBJECTABLE)]
    against += [act for act in acts if act.act == "withdrawn" and needs_consent]
    if against:
        return Answer(False, tuple(reason(act.act, act) for act in against))
    given = [act for act in acts if act.act == "given"]
    valid = [act for act in given if act.expires_at is None or act.expires_at > asked.at]
    if not needs_consent:
        return Answer(True, (reason("basis"),))
    if valid:
        return Answer(True, tuple(reason("given", act) for act in valid))
    if given:
        return Answer(False, tuple(reason("expired", act) for act in given))
    return Answer(False, (reason("other_recipient") if other_recipient else reason("absent"),))
