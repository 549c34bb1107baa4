"""The one door: scope, purpose, and what may then be seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from klantbeeld.foundation import actions, catalogue
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.foundation.models import Attribute
from klantbeeld.foundation.rules.roles import ROLES, purposes_of, scopes_of
from klantbeeld.foundation.rules.scopes import PERSONAL, SCOPES
from klantbeeld.foundation.rules.starter import STARTER
from klantbeeld.kit.errors import Invalid, Refused


def machine(scopes: set[str], purposes: set[str]) -> Actor:
    return Actor("key", 7, "shop", scopes=frozenset(scopes), purposes=frozenset(purposes))


def test_scope_and_purpose_open_the_door(db: None) -> None:
    grant = require(machine({"customers:read"}, {"service"}), "customers:read", "service")
    assert (grant.actor.ref, grant.scope, grant.purpose) == ("key:7", "customers:read", "service")


@pytest.mark.parametrize(
    ("scopes", "purposes", "purpose", "code"),
    [
        ({"customers:find"}, {"service"}, "service", "access.scope_missing"),
        ({"customers:read"}, {"service"}, "", "access.purpose_missing"),
        ({"customers:read"}, {"service"}, "nothing.such", "access.purpose_unknown"),
        ({"customers:read"}, {"service"}, "marketing", "access.purpose_refused"),
        ({"customers:read"}, set(), "service", "access.purpose_refused"),
        ({"*"}, {"administration"}, "administration", "access.purpose_unknown"),
    ],
)
def test_door_stays_closed(db: None, scopes: set[str], purposes: set[str], purpose: str, code: str) -> None:
    with pytest.raises(Refused) as error:
        require(machine(scopes, purposes), "customers:read", purpose)
    assert error.value.code == code


def test_scope_without_personal_data_needs_no_purpose(db: None) -> None:
    assert require(machine({"sources:read"}, set()), "sources:read").purpose == ""


def test_scope_that_does_not_exist_is_a_mistake_in_code(db: None) -> None:
    with pytest.raises(ValueError, match="customers:fly"):
        require(Actor.system("test"), "customers:fly")


def test_key_with_a_star_is_no_way_around(db: None) -> None:
    with pytest.raises(Invalid):
        actions.create_key(name="k", scopes=["*"], purposes=[], actor=Actor.system("test"))


@pytest.mark.parametrize(
    ("scopes", "purpose", "code", "shown"),
    [
        ({"customers:read", "customers:sensitive"}, "service", "iban", True),
        ({"customers:read"}, "service", "iban", False),
        ({"customers:read", "customers:sensitive"}, "marketing", "iban", False),
        ({"customers:read"}, "marketing", "family_name", True),
    ],
)
def test_attributes_follow_purpose_and_sensitivity(
    db: None, scopes: set[str], purpose: str, code: str, shown: bool
) -> None:
    grant = require(machine(scopes, {"service", "marketing"}), "customers:read", purpose)
    assert (code in grant.attributes("person")) is shown
    assert (code in grant.sensitive("person")) is (shown and code == "iban")
    assert grant.attributes("unicorn") == frozenset()


def test_secret_attribute_is_never_shown(db: None) -> None:
    system = Actor.system("test")
    spec = AttributeSpec("person", "passport", {"nl": "Paspoort", "en": "Passport"}, "text", sensitivity="secret")
    actions.define_attribute(spec=spec, actor=system)
    assert "passport" in catalogue.attributes("person")
    assert "passport" not in require(system, "customers:read", "service").attributes("person")
    catalogue.forget()


def test_catalogue_is_read_once_and_again_after_a_change(
    db: None, django_assert_num_queries: Callable[..., object]
) -> None:
    catalogue.forget()
    with django_assert_num_queries(1):
        first = catalogue.all_kinds()
        catalogue.attributes("person")
    spec = AttributeSpec("person", "shoe_size", {"nl": "Schoenmaat", "en": "Shoe size"}, "number", custom=True)
    actions.define_attribute(spec=spec, actor=Actor.system("test"))
    assert catalogue.attributes("person")["shoe_size"] == spec
    assert "shoe_size" not in first["person"]
    catalogue.forget()


def test_catalogue_holds_the_starter_set(db: None) -> None:
    for spec in STARTER:
        assert catalogue.attributes(spec.kind)[spec.code] == spec
    assert list(catalogue.attributes("person"))[:3] == ["gender", "given_name", "given_names"]
    assert actions.install_catalogue() == 0, "a second time adds nothing"


def test_define_attribute_counts_versions_and_checks(db: None) -> None:
    system = Actor.system("test")
    for number in (1, 2):
        actions.define_attribute(
            spec=AttributeSpec("person", "hobby", {"nl": "Hobby", "en": f"Hobby {number}"}, "text"), actor=system
        )
        assert Attribute.objects.get(code="hobby").version == number
    for wrong in ({"type": "colour"}, {"kind": "ghost"}, {"code": "no good"}, {"sensitivity": "very"}):
        fields = {"kind": "person", "code": "x", "label": {"nl": "x", "en": "x"}, "type": "text", **wrong}
        with pytest.raises(Invalid) as error:
            actions.define_attribute(spec=AttributeSpec(**fields), actor=system)  # type: ignore[arg-type]
        assert error.value.where["field"] == next(iter(wrong))
    with pytest.raises(Refused):
        actions.define_attribute(
            spec=AttributeSpec("person", "y", {"nl": "y", "en": "y"}, "text"),
            actor=Actor.user(id=1, name="An", roles=("agent",)),
        )
    catalogue.forget()


def test_every_role_has_a_sentence_and_scopes_that_exist() -> None:
    for role in ROLES.values():
        assert role.sentence["nl"].endswith(".")
        assert role.sentence["en"].endswith(".")
        assert role.scopes <= SCOPES.keys()
        assert role.purposes
    assert scopes_of(["agent", "nothing.such"]) == ROLES["agent"].scopes
    assert purposes_of(["steward", "agent"]) == ("stewardship", "service", "contract")
    assert SCOPES.keys() >= PERSONAL


def test_administrator_sees_no_customers() -> None:
    assert not scopes_of(["administrator"]) & PERSONAL
