"""The one door to customer data: actor, scope and purpose go in; what may be shown comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from klantbeeld.foundation import catalogue, ports
from klantbeeld.foundation.rules.roles import purposes_of, scopes_of
from klantbeeld.foundation.rules.scopes import PERSONAL, SCOPES
from klantbeeld.kit.errors import Refused

#: Stands for every scope or purpose; only the system itself has it.
EVERY = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an employee, a machine with a key, or klantbeeld itself."""

    kind: Literal["user", "key", "system"]
    id: int
    name: str
    roles: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    company: int | None = None
    label: str = ""

    @property
    def ref(self) -> str:
        """How the actor is written in audit lines: `user:12`, `key:7`, `system:import`."""
        return f"{self.kind}:{self.label or self.id}"

    @property
    def bound_to(self) -> int | None:
        """The company beyond whose sources and customers a machine's key sees nothing; None is the whole group.

        Employees work for the group, whichever company they are of (docs/adr/0006).
        """
        return self.company if self.kind == "key" else None

    def may(self, scope: str) -> bool:
        """Has the actor this scope?"""
        return scope in self.scopes or "*" in self.scopes

    @classmethod
    def system(cls, name: str) -> Actor:
        """klantbeeld itself, doing a job of this name; it may do everything, and is written down like anyone."""
        return cls("system", 0, name, scopes=EVERY, purposes=EVERY, label=name)

    @classmethod
    def user(cls, *, id: int, name: str, roles: tuple[str, ...], company: int | None = None) -> Actor:
        """An employee with the scopes and purposes of his roles."""
        return cls("user", id, name, roles, scopes_of(roles), frozenset(purposes_of(roles)), company)


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer of the door: this actor may use this scope for this purpose, and see these attributes."""

    actor: Actor
    scope: str
    purpose: str

    def attributes(self, kind_code: str) -> frozenset[str]:
        """Codes of the attributes of a kind that may be shown."""
        return catalogue.visible(kind_code, self.purpose, self.actor.may("customers:sensitive"))

    def sensitive(self, kind_code: str) -> frozenset[str]:
        """Of those, the codes whose reading must be written to the audit log before the answer leaves."""
        specs = catalogue.attributes(kind_code)
        return frozenset(code for code in self.attributes(kind_code) if specs[code].sensitivity != "ordinary")


def require(actor: Actor, scope: str, purpose: str = "") -> Grant:
    """Let the actor through, or raise Refused with what is missing.

    Scopes that reach personal data (rules.scopes.PERSONAL) need a purpose that the register knows and that this actor
    may state. Raises ValueError when code asks for a scope that does not exist.
    """
    if scope not in SCOPES:
        raise ValueError(f"There is no scope '{scope}'.")
    if not actor.may(scope):
        raise Refused(
            f"{actor.name or actor.ref} has no scope {scope}; an administrator can give it.",
            code="access.scope_missing",
            scope=scope,
        )
    if purpose:
        _check_purpose(actor, purpose)
    elif scope in PERSONAL:
        raise Refused(
            "State the purpose: why do you need this customer's data?", code="access.purpose_missing", scope=scope
        )
    return Grant(actor, scope, purpose)


def _check_purpose(actor: Actor, purpose: str) -> None:
    known = ports.wiring().purposes().get(purpose)
    if known is None or not known.reads_profiles:
        raise Refused(
            f"'{purpose[:60]}' is not a purpose for which customer data may be used.", code="access.purpose_unknown"
        )
    if purpose not in actor.purposes and "*" not in actor.purposes:
        raise Refused(
            f"{actor.name or actor.ref} may not use customer data for '{purpose}'.",
            code="access.purpose_refused",
            purpose=purpose,
        )
