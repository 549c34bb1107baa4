"""Who gets in: employees by password, machines by key, demo employees from this machine only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client, RequestFactory
from django.utils import timezone

from klantbeeld.foundation import actions, login, queries
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import ApiKey, AuditLine, User
from klantbeeld.foundation.rules.keys import make_key, parse_key
from klantbeeld.kit.errors import Conflict, Invalid, Missing, Refused

PASSWORD = "een-lang-wachtwoord-42"


@pytest.fixture
def key(db: None, administrator: Actor) -> str:
    system = Actor.system("test")
    return actions.create_key(name="web shop", scopes=["customers:read"], purposes=["service"], actor=system)[1]


def employee(system: Actor, **fields: object) -> User:
    wanted = {"email": "An@Example.nl", "name": "An", "password": PASSWORD, "roles": ["agent"], **fields}
    return User.objects.get(pk=actions.create_user(actor=system, **wanted))  # type: ignore[arg-type]


# --- keys


def test_key_lets_its_machine_in_with_its_scopes_and_purposes(key: str) -> None:
    actor = login.find_actor_by_key(key)
    assert actor is not None
    assert (actor.kind, actor.name, actor.scopes, actor.purposes) == (
        "key",
        "web shop",
        frozenset({"customers:read"}),
        frozenset({"service"}),
    )
    row = ApiKey.objects.get()
    assert row.last_used_date is not None
    assert key.split("_")[3][:43].encode() not in bytes(row.secret_sha256), "the secret is not kept"


def test_key_with_another_secret_is_refused(key: str) -> None:
    parsed = parse_key(key)
    assert parsed is not None
    forged = make_key(bytes(41))._replace(key_id=parsed.key_id)
    assert parse_key(forged.text) is not None, "well-formed, so that it is the secret that refuses it"
    assert login.find_actor_by_key(forged.text) is None
    assert login.find_actor_by_key(make_key(bytes(41)).text) is None, "unknown id"


def test_key_is_refused_at_once_after_revocation(key: str, system: Actor) -> None:
    key_id = ApiKey.objects.get().key_id
    actions.revoke_key(key_id=key_id, actor=system)
    assert login.find_actor_by_key(key) is None
    assert AuditLine.objects.filter(action="key.revoked").count() == 1
    with pytest.raises(Missing):
        actions.revoke_key(key_id="nothere", actor=system)


def test_key_is_refused_after_its_last_moment(db: None, system: Actor) -> None:
    _, text = actions.create_key(
        name="k", scopes=[], purposes=[], actor=system, expires_at=timezone.now() + timedelta(hours=1)
    )
    assert login.find_actor_by_key(text) is not None
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert login.find_actor_by_key(text) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1],
        lambda text: text + "a",
        lambda text: text.replace("kb_live_", "kb_test_"),
        lambda text: text[:30] + ("a" if text[30] != "a" else "b") + text[31:],
        lambda text: text[:30] + "é" + text[31:],
        lambda text: text.replace("_", "-"),
        lambda _: "",
    ],
)
def test_parse_key_refuses_a_damaged_key(damage: object) -> None:
    text = make_key(bytes(range(41))).text
    assert parse_key(text) is not None
    assert parse_key(damage(text)) is None  # type: ignore[operator]


def test_create_key_names_a_scope_that_does_not_exist(db: None, system: Actor) -> None:
    with pytest.raises(Invalid, match="customers:fly"):
        actions.create_key(name="k", scopes=["customers:fly"], purposes=[], actor=system)
    assert not ApiKey.objects.exists()


def test_keys_are_for_administrators(db: None, administrator: Actor) -> None:
    agent = Actor.user(id=2, name="An", roles=("agent",))
    with pytest.raises(Refused):
        actions.create_key(name="k", scopes=[], purposes=[], actor=agent)
    with pytest.raises(Refused):
        queries.list_keys(actor=agent)
    assert queries.list_keys(actor=administrator) == []


# --- employees


def test_employee_logs_in_by_address_in_any_letters(db: None, system: Actor, rf: RequestFactory) -> None:
    user = employee(system)
    request = rf.post("/", REMOTE_ADDR="203.0.113.5")
    assert authenticate(request, email="AN@example.NL", password=PASSWORD) == user
    assert authenticate(request, email="an@example.nl", password="wrong") is None
    assert login.actor_of(user).scopes >= {"customers:find", "customers:correct"}


@pytest.mark.parametrize(
    ("address", "header", "allowed"),
    [
        ("127.0.0.1", None, True),
        ("127.8.9.1", None, True),
        ("::1", None, True),
        ("203.0.113.5", None, False),
        ("127.0.0.1", "203.0.113.5", False),
        ("nonsense", None, False),
    ],
)
def test_demo_employee_gets_in_from_this_machine_only(
    db: None, system: Actor, rf: RequestFactory, address: str, header: str | None, allowed: bool
) -> None:
    user = employee(system, password="demo", is_demo=True)
    more = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    request = rf.post("/", REMOTE_ADDR=address, **more)
    assert (authenticate(request, email=user.email, password="demo") == user) is allowed


def test_login_page_lets_in_and_refuses(db: None, system: Actor) -> None:
    employee(system, password="demo", is_demo=True)
    near, far = Client(REMOTE_ADDR="127.0.0.1"), Client(REMOTE_ADDR="203.0.113.5")
    form = {"login": "an@example.nl", "password": "demo"}
    assert near.post("/account/login/", form).status_code == 302
    assert far.post("/account/login/", form).status_code == 200
    assert "password1" not in Client().get("/account/signup/").content.decode(), "nobody signs up by himself"
    assert "_auth_user_id" in near.session
    assert "_auth_user_id" not in far.session


def test_login_is_refused_after_five_failures(db: None, system: Actor) -> None:
    from django.core.cache import cache

    cache.clear()
    employee(system)
    client = Client(REMOTE_ADDR="203.0.113.77")
    for _ in range(5):
        client.post("/account/login/", {"login": "an@example.nl", "password": "wrong"})
    client.post("/account/login/", {"login": "an@example.nl", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    cache.clear()


def test_closed_account_ends_its_sessions(db: None, system: Actor) -> None:
    user = employee(system)
    client = Client()
    client.force_login(user)
    actions.change_user(user_id=user.pk, is_active=False, actor=system)
    response = client.get("/account/email/")
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_create_user_refuses_a_weak_password_a_taken_address_and_an_unknown_role(db: None, system: Actor) -> None:
    with pytest.raises(Invalid) as weak:
        employee(system, password="12345")
    assert weak.value.code == "users.password_weak"
    with pytest.raises(Invalid, match="pilot"):
        employee(system, roles=["pilot"])
    employee(system)
    with pytest.raises(Conflict):
        employee(system)
    assert User.objects.count() == 1


def test_argon2_hashes_wait_for_their_turn(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.PASSWORD_HASHERS = ["klantbeeld.foundation.login.CappedArgon2Hasher"]  # type: ignore[attr-defined]
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, encoded)
    monkeypatch.setattr(login, "_PATIENCE_SECONDS", 0.01)
    from klantbeeld.kit.errors import Unavailable

    for _ in range(login.HASHES_AT_ONCE):
        login.hashing.acquire()
    try:
        with pytest.raises(Unavailable):
            check_password(PASSWORD, encoded)
    finally:
        for _ in range(login.HASHES_AT_ONCE):
            login.hashing.release()
