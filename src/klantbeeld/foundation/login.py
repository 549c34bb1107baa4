"""Who is at the door: machines by key, employees by password or passkey, demo employees from this machine only."""

from __future__ import annotations

import hmac
import ipaddress
import threading
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest
from django.utils import timezone

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import ApiKey, User
from klantbeeld.foundation.rules.keys import parse_key
from klantbeeld.foundation.wire import run
from klantbeeld.kit.errors import Unavailable

# By hand, because every request of a machine begins with it.
_FIND_KEY = """
SELECT id, name, secret_sha256, scopes, purposes, company_id, last_used_date = current_date
FROM foundation_apikey
WHERE key_id = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
"""
_NOBODY = bytes(32)
HASHES_AT_ONCE = 2
_PATIENCE_SECONDS = 10.0
hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)


def find_actor_by_key(text: str) -> Actor | None:
    """The machine that carries this key; None when it is unknown, wrong, expired or revoked, which look the same.

    Asks the database each time, so that a revocation holds from the next request on.
    """
    key = parse_key(text)
    if key is None:
        return None
    row = run(_FIND_KEY, (key.key_id,)).fetchone()
    kept = bytes(row[2]) if row else _NOBODY
    # Compared also for an unknown id, so that time does not tell which ids exist.
    if not hmac.compare_digest(kept, key.sha256) or row is None:
        return None
    id_, name, _, scopes, purposes, company, used_today = row
    if not used_today:
        run("UPDATE foundation_apikey SET last_used_date = current_date WHERE id = %s", (id_,))
    return Actor("key", id_, name, (), frozenset(scopes), frozenset(purposes), company)


def find_actor(key_id: int) -> Actor | None:
    """The machine whose key has this internal id, for what it asked to be done later; None when out of force."""
    row = ApiKey.objects.filter(pk=key_id, revoked_at=None).first()
    if row is None or (row.expires_at is not None and row.expires_at <= timezone.now()):
        return None
    return Actor("key", row.pk, row.name, (), frozenset(row.scopes), frozenset(row.purposes), row.company_id)


def actor_of(user: User) -> Actor:
    """The employee as an actor."""
    return Actor.user(id=user.pk, name=user.name, roles=tuple(user.roles), company=user.company_id)


def is_from_this_machine(request: HttpRequest | None) -> bool:
    """Did the request come over loopback, and not through a proxy that passes somebody else's on?"""
    if request is None:
        return False
    if any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def may_log_in(user: User, request: HttpRequest | None) -> bool:
    """An active employee may; a demo employee, whose password everybody knows, only from this machine."""
    return user.is_active and (not user.is_demo or is_from_this_machine(request))


class EmployeeBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's way of checking passwords, closed for demo employees from elsewhere."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The employee, or None."""
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and may_log_in(user, request) else None

    def get_user(self, user_id: int) -> User | None:
        """The employee of a session; None once the account is closed."""
        return User.objects.filter(pk=user_id, is_active=True).first()


class CappedArgon2Hasher(Argon2PasswordHasher):
    """Argon2id, two at a time in a process: each takes 100 MiB, and a burst of logins must not take the memory."""

    def encode(self, password: str, salt: str) -> str:
        with _Turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _Turn():
            return super().verify(password, encoded)


class _Turn:
    """A turn to hash; raises Unavailable when there is none within the patience of a person."""

    def __enter__(self) -> None:
        if not hashing.acquire(timeout=_PATIENCE_SECONDS):
            raise Unavailable("Too many people are logging in; try again in a moment.", retry_after=5)

    def __exit__(self, *_: object) -> None:
        hashing.release()
