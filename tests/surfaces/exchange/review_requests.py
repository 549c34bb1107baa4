"""Requests about reviews for the authorization matrix, with a review, a sample and a check to ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.surfaces.exchange.conftest import SYSTEM

from klantbeeld.flows.receive import receive
from klantbeeld.kit.ids import format_id
from klantbeeld.sources.contracts import Draft, Kind
from klantbeeld.sources.models import Record
from klantbeeld.stewardship import actions
from klantbeeld.stewardship.contracts import State
from klantbeeld.stewardship.models import Check, Review, Sample

UNKNOWN = "01h455vb4pex5vsknk084sn02q"
_TIM = {"given_name": "Tim", "family_name": "Jansen", "birth_date": "1971-03-04"}
_LIMITS = {"customers": 2, "records": 3, "activities": 0, "contracts": 5}


def doubt() -> Review:
    """A doubtful pair, and two records that were joined automatically, once."""
    if not Record.objects.filter(external_id="w1").exists():
        joined = {**_TIM, "given_name": "Wim", "email": [{"value": "wim@voorbeeld.nl"}]}
        people = {
            "t1": {**_TIM, "email": [{"value": "tim@voorbeeld.nl"}]},
            "t2": {**_TIM, "family_name": "Janssen", "birth_date": "1972-03-04"},
            "w1": {**joined, "family_name": "Post"},
            "w2": {**joined, "family_name": "Post"},
        }
        drafts = [Draft(Kind.PERSON, name, said, (), ()) for name, said in people.items()]
        receive(source_code="crm", drafts=drafts, actor=SYSTEM)
    return Review.objects.filter(state=State.REVIEW).latest("id")


def review(state: str) -> str:
    return f"rvw_{UNKNOWN}" if state == "unknown" else format_id("rvw", doubt().uuid)


def sample(state: str) -> str:
    if state == "unknown":
        return f"smp_{UNKNOWN}"
    doubt()
    actions.draw_sample(size=2, actor=SYSTEM, purpose="service")
    return format_id("smp", Sample.objects.latest("id").uuid)


def check(state: str) -> str:
    if state == "unknown":
        return f"chk_{UNKNOWN}"
    sample(state)
    return format_id("chk", Check.objects.latest("id").uuid)


def record(state: str) -> str:
    doubt()
    return f"rec_{UNKNOWN}" if state == "unknown" else format_id("rec", Record.objects.get(external_id="w1").uuid)


def _next_year() -> str:
    return f"{timezone.now().year + 1}-12-31T00:00:00Z"


def _put_off() -> None:
    item = doubt()
    item.state = int(State.PUT_OFF)
    item.save()


def _propose() -> None:
    item = doubt()
    item.proposed, item.proposed_by, item.proposed_at = "merge", "user:1", item.since
    item.save()


def _with(prepare: Callable[[], None], state: str) -> str:
    found = review(state)
    if state == "own":
        prepare()
    return found


#: operation -> (method, path, body), given the world and the state of the object.
OF_REVIEW: dict[str, Callable[[Any, str], tuple[str, str, Any]]] = {
    "list_reviews": lambda _, state: ("GET", "/reviews", None),
    "get_review": lambda _, state: ("GET", f"/reviews/{review(state)}", None),
    "preview_review": lambda _, state: ("POST", f"/reviews/{review(state)}/preview", {}),
    "judge_review": lambda _, state: (
        "POST", f"/reviews/{review(state)}/judge", {"verdict": "refuse", "version": 1},
    ),
    "put_off_review": lambda _, state: (
        "POST", f"/reviews/{review(state)}/put-off", {"until": _next_year(), "version": 1},
    ),
    "resume_review": lambda _, state: ("POST", f"/reviews/{_with(_put_off, state)}/resume", None),
    "decline_proposal": lambda _, state: ("POST", f"/reviews/{_with(_propose, state)}/decline", None),
    "assign_review": lambda _, state: ("POST", f"/reviews/{review(state)}/assign", {"to": ""}),
    "comment_review": lambda _, state: ("POST", f"/reviews/{review(state)}/comment", {"text": "gebeld"}),
    "move_record": lambda world, state: (
        "POST",
        f"/records/{world.record(state) if state == 'foreign' else record(state)}/move",
        {"customer": world.anna, "reason": "gebeld"},
    ),
    "split_customer": lambda world, state: (
        "POST", f"/customers/{_joined() if state == 'own' else world.customer(state)}/split",
        {"records": [record("own")]},
    ),
    "get_review_figures": lambda *_: ("GET", "/reviews/figures", None),
    "get_review_limits": lambda *_: ("GET", "/reviews/limits", None),
    "put_review_limits": lambda *_: ("PUT", "/reviews/limits", _LIMITS),
    "draw_sample": lambda *_: ("POST", "/reviews/samples", {"size": 1 if doubt() else 0}),
    "get_sample": lambda _, state: ("GET", f"/reviews/samples/{sample(state)}", None),
    "answer_check": lambda _, state: ("POST", f"/reviews/checks/{check(state)}/answer", {"answer": "right"}),
}  # fmt: skip


def _joined() -> str:
    """The customer that was joined automatically."""
    doubt()
    number = Review.objects.get(state=State.AUTOMATIC).customers[0]
    from klantbeeld.identity.queries import refs

    return format_id("cus", refs([number])[0].uuid)


def screens(world: Any) -> dict[str, dict[str, str]]:
    """The arguments of the screens about reviews."""
    one = {"review": review("own")}
    return {
        "review": one,
        "review-judge": one,
        "review-remark": one,
        "review-place": one,
        "review-undo": {"act": world.merges["own"]},
        "review-sample": {"sample": sample("own")},
        "review-answer": {"check": check("own")},
    }
