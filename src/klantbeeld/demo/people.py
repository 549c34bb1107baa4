"""Who may log in to the demo: an employee per role, on this machine only."""

from __future__ import annotations

from dataclasses import dataclass

from klantbeeld.foundation import actions, queries
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.labels import Label


@dataclass(frozen=True, slots=True)
class DemoEmployee:
    """An employee of the invented company group; the password is known to everybody."""

    role: str
    label: Label
    name: str
    email: str
    password: str

    @property
    def shown_role(self) -> str:
        """The role in both languages."""
        return f"{self.label['en']} / {self.label['nl']}"


EMPLOYEES = (
    DemoEmployee(
        "agent", {"en": "service employee", "nl": "servicemedewerker"}, "Sanne Kuipers", "sanne@molenbeemd.example",
        "demo-service",
    ),
    DemoEmployee(
        "steward", {"en": "data steward", "nl": "gegevensbeheerder"}, "Bram te Loo", "bram@molenbeemd.example",
        "demo-steward",
    ),
    DemoEmployee(
        "marketer", {"en": "marketer", "nl": "marketeer"}, "Yasmina Azzouzi", "yasmina@molenbeemd.example",
        "demo-marketing",
    ),
    DemoEmployee(
        "analyst", {"en": "analyst", "nl": "analist"}, "Douwe Wiersma", "douwe@molenbeemd.example", "demo-analyse",
    ),
    DemoEmployee(
        "administrator", {"en": "administrator", "nl": "beheerder"}, "Ellen de Rooij", "ellen@molenbeemd.example",
        "demo-beheer",
    ),
)  # fmt: skip


def hire(actor: Actor) -> None:
    """Make the employees that are not there yet; raises Refused when the actor may not."""
    there = {user.email for user in queries.list_users(actor=actor)}
    for one in EMPLOYEES:
        if one.email not in there:
            actions.create_user(
                email=one.email, name=one.name, password=one.password, roles=[one.role], actor=actor, is_demo=True
            )
