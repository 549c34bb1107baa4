"""Every write of the ground: the catalogue, companies, employees and keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from klantbeeld.foundation import audit, catalogue
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.foundation.models import ApiKey, Attribute, Brand, Company, User
from klantbeeld.foundation.rules.keys import SECRET_BYTES, make_key
from klantbeeld.foundation.rules.roles import ROLES
from klantbeeld.foundation.rules.scopes import SCOPES
from klantbeeld.foundation.rules.starter import STARTER
from klantbeeld.kit.errors import Conflict, Invalid, Missing

_FIELDS = ("label", "type", "choices", "many", "sensitivity", "purposes", "survivorship", "matching", "position")


@transaction.atomic
def install_catalogue() -> int:
    """Add the starter attributes that are not there yet; returns how many. What a company changed is left alone."""
    made = Attribute.objects.bulk_create([_row(spec) for spec in STARTER if not _has(spec)])
    if made:
        catalogue.forget()
        audit.write(actor=Actor.system("install"), action="catalogue.installed", detail={"attributes": len(made)})
    return len(made)


@transaction.atomic
def define_attribute(*, spec: AttributeSpec, actor: Actor) -> None:
    """Add an attribute to the catalogue, or change the one of the same kind and code."""
    require(actor, "settings:write")
    _check_attribute(spec)
    values = {name: getattr(_row(spec), name) for name in _FIELDS}
    row, made = Attribute.objects.select_for_update().get_or_create(
        kind=spec.kind, code=spec.code, defaults={**values, "custom": True}
    )
    if not made:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    audit.write(
        actor=actor,
        action="catalogue.attribute_defined",
        subject_kind="attribute",
        subject_id=row.pk,
        detail={"kind": spec.kind, "code": spec.code, "version": row.version},
    )
    transaction.on_commit(catalogue.forget)
    catalogue.forget()


@transaction.atomic
def ensure_company(*, code: str, name: str, actor: Actor, brands: Iterable[tuple[str, str]] = ()) -> int:
    """The id of a company of the group, made when it is not there, with its brands as (code, name)."""
    company, made = Company.objects.get_or_create(code=code, defaults={"name": name})
    new = [b for b in brands if Brand.objects.get_or_create(code=b[0], defaults={"name": b[1], "company": company})[1]]
    if made or new:
        audit.write(
            actor=actor,
            action="company.ensured",
            subject_kind="company",
            subject_id=company.pk,
            detail={"code": code, "brands": [brand[0] for brand in new]},
        )
    return company.pk


@transaction.atomic
def create_user(
    *, email: str, name: str, password: str, roles: Sequence[str], actor: Actor, is_demo: bool = False
) -> int:
    """Make an employee; raises Invalid for an unknown role or a weak password, Conflict when the address is taken.

    Demo employees have well-known passwords and may therefore log in from this machine only.
    """
    require(actor, "settings:write")
    _check_roles(roles)
    email = email.strip().lower()
    if not is_demo:
        _check_password(password, User(email=email, name=name))
    if User.objects.filter(email=email).exists():
        raise Conflict(f"There is an employee with the address {email} already.", code="users.email_taken")
    user = User.objects.create_user(email, password, name=name, roles=list(roles), is_demo=is_demo)
    audit.write(
        actor=actor, action="user.created", subject_kind="user", subject_id=user.pk, detail={"roles": list(roles)}
    )
    return user.pk


@transaction.atomic
def change_user(
    *, user_id: int, actor: Actor, roles: Sequence[str] | None = None, is_active: bool | None = None
) -> None:
    """Give an employee other roles, or close or open the account; both hold from the next request on."""
    require(actor, "settings:write")
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise Missing(f"There is no employee {user_id}.", code="users.missing")
    if roles is not None:
        _check_roles(roles)
        user.roles = list(roles)
    if is_active is not None:
        user.is_active = is_active
    user.save(update_fields=["roles", "is_active"])
    audit.write(
        actor=actor,
        action="user.changed",
        subject_kind="user",
        subject_id=user.pk,
        detail={"roles": user.roles, "is_active": user.is_active},
    )


@transaction.atomic
def create_key(
    *,
    name: str,
    scopes: Iterable[str],
    purposes: Iterable[str],
    actor: Actor,
    expires_at: datetime | None = None,
    company_id: int | None = None,
) -> tuple[int, str]:
    """Make a machine's key; returns its id and the key itself, which is shown now and never again."""
    require(actor, "keys:write")
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown:
        raise Invalid(
            f"There is no scope {', '.join(unknown)}; there are {', '.join(SCOPES)}.", code="keys.scope_unknown"
        )
    key = make_key(secrets.token_bytes(9 + SECRET_BYTES))
    row = ApiKey.objects.create(
        key_id=key.key_id,
        secret_sha256=key.sha256,
        name=name,
        scopes=wanted,
        purposes=sorted(set(purposes)),
        company_id=company_id,
        created_by_id=actor.id if actor.kind == "user" else None,
        expires_at=expires_at,
    )
    audit.write(
        actor=actor,
        action="key.created",
        subject_kind="key",
        subject_id=row.pk,
        detail={"scopes": row.scopes, "purposes": row.purposes},
    )
    return row.pk, key.text


@transaction.atomic
def revoke_key(*, key_id: str, actor: Actor) -> None:
    """Revoke a key by its public id (the 12 letters after `kb_live_`); it is refused from the next request on."""
    require(actor, "keys:write")
    row = ApiKey.objects.select_for_update().filter(key_id=key_id).first()
    if row is None:
        raise Missing(f"There is no key {key_id[:20]}.", code="keys.missing")
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        audit.write(actor=actor, action="key.revoked", subject_kind="key", subject_id=row.pk)


def _has(spec: AttributeSpec) -> bool:
    return Attribute.objects.filter(kind=spec.kind, code=spec.code).exists()


def _row(spec: AttributeSpec) -> Attribute:
    return Attribute(
        kind=spec.kind,
        code=spec.code,
        label=dict(spec.label),
        type=spec.type,
        choices=[[code, dict(label)] for code, label in spec.choices],
        many=spec.many,
        sensitivity=spec.sensitivity,
        purposes=list(spec.purposes),
        survivorship=list(spec.survivorship),
        matching=spec.matching,
        position=spec.position,
        custom=spec.custom,
    )


def _check_attribute(spec: AttributeSpec) -> None:
    for name, value, allowed in (
        ("type", spec.type, Attribute.Type.values),
        ("sensitivity", spec.sensitivity, Attribute.Sensitivity.values),
        ("kind", spec.kind, ["person", "organisation", "contract", "object", "activity"]),
    ):
        if value not in allowed:
            raise Invalid(
                f"{name} of attribute {spec.code}: '{value}' is none of {', '.join(allowed)}.",
                code="catalogue.malformed",
                field=name,
            )
    if not spec.code.isidentifier() or not spec.code.isascii() or len(spec.code) > 60:
        raise Invalid(
            f"code of attribute: '{spec.code[:60]}' must be letters, digits and underscores, at most 60.",
            code="catalogue.malformed",
            field="code",
        )


def _check_roles(roles: Sequence[str]) -> None:
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Invalid(
            f"There is no role {', '.join(unknown)}; there are {', '.join(ROLES)}.", code="users.role_unknown"
        )


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), code="users.password_weak") from error
