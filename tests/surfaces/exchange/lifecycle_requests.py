"""Requests about the lifecycle of a company, for the authorization matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from klantbeeld.lifecycle.models import Policy
from klantbeeld.lifecycle.rules.starter import STARTER

COMPANIES = {"own": "acme", "foreign": "rival", "unknown": "nowhere"}


def put_policy(state: str) -> tuple[str, str, Any]:
    """A policy made on the one in force, whoever asked before."""
    company = COMPANIES[state]
    last = Policy.objects.filter(company__code=company, active=True).first()
    return "PUT", "/lifecycle/policy", {"company": company, "policy": STARTER, "based_on": last.version if last else 0}


OF_LIFECYCLE: dict[str, Callable[[str], tuple[str, str, Any]]] = {
    "list_lifecycle_policies": lambda _: ("GET", "/lifecycle/policies", None),
    "simulate_lifecycle": lambda state: (
        "POST", "/lifecycle/simulate", {"company": COMPANIES[state], "policy": STARTER},
    ),
    "put_lifecycle_policy": put_policy,
    "get_lifecycle_figures": lambda state: ("GET", f"/lifecycle/figures?company={COMPANIES[state]}", None),
    "list_lifecycle_customers": lambda state: (
        "POST", "/lifecycle/customers", {"company": COMPANIES[state], "state": "lead"},
    ),
}  # fmt: skip
