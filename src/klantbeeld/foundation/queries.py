"""Every read of the ground for screens and the API."""

from __future__ import annotations

from collections.abc import Iterable

from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import KeyRow, UserRow
from klantbeeld.foundation.models import ApiKey, Company, User
from klantbeeld.kit.errors import Missing


def list_keys(*, actor: Actor) -> list[KeyRow]:
    """All machines' keys, newest first."""
    require(actor, "keys:write")
    return [
        KeyRow(
            id=row.pk,
            key_id=row.key_id,
            name=row.name,
            company=row.company.name if row.company else "",
            scopes=tuple(row.scopes),
            purposes=tuple(row.purposes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_date=row.last_used_date.isoformat() if row.last_used_date else "",
        )
        for row in ApiKey.objects.select_related("company").order_by("-id")
    ]


def get_company_id(code: str) -> int:
    """The internal id of a company of the group; raises Missing."""
    found = Company.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None:
        raise Missing(f"There is no company '{code}'.", code="companies.missing")
    return found


def get_user_id(email: str, *, actor: Actor) -> int:
    """The internal id of the employee with this address; raises Missing."""
    require(actor, "settings:write")
    found = User.objects.filter(email=email.strip().lower()).values_list("id", flat=True).first()
    if found is None:
        raise Missing(f"There is no employee with the address {email}.", code="users.missing")
    return found


def list_users(*, actor: Actor) -> list[UserRow]:
    """All employees by name."""
    require(actor, "settings:write")
    return [
        UserRow(user.pk, user.email, user.name, tuple(user.roles), user.is_active, user.is_demo)
        for user in User.objects.order_by("name", "id")
    ]


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """How people call these actors (`user:12`, `key:7`); one that is klantbeeld itself, or gone, is left out."""
    numbers: dict[str, list[int]] = {"user": [], "key": []}
    for ref in refs:
        kind, _, number = ref.partition(":")
        if kind in numbers and number.isdecimal():
            numbers[kind].append(int(number))
    found = {f"user:{pk}": name for pk, name in User.objects.filter(pk__in=numbers["user"]).values_list("pk", "name")}
    if numbers["key"]:
        keys = ApiKey.objects.filter(pk__in=numbers["key"]).values_list("pk", "name")
        found |= {f"key:{pk}": name for pk, name in keys}
    return found
