"""Find by any number in any notation, through roles, and by name."""

from __future__ import annotations

from datetime import date

import pytest
from tests.domain.flows.house import PURPOSE, STEWARD, address, customer, deliver, person, source

from klantbeeld.flows.find import find
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> None:
    source("crm")
    source("policies")
    deliver(
        "crm",
        person(
            "100", numbers=[("loyalty", "00123-456.7"), ("customer_number", "K 0042"), ("iban", "NL91ABNA0417164300")],
            given_name="Sanne", family_name="Jansen", birth_date="1990-02-03", email="Sanne.Jansen@Voorbeeld.NL",
            phone="06 1234 5678", address=address("3512 AB", "12", "a"),
        ),
        person("200", given_name="Piet", family_name="Bos", birth_date="1960-02-03", address=address("3512AB", "14")),
    )  # fmt: skip
    crm = Reference(Kind.PERSON, "100", "crm")
    other = Reference(Kind.PERSON, "200", "crm")
    policy = Reference(Kind.CONTRACT, "P-77")
    deliver(
        "policies",
        Draft(
            Kind.CONTRACT, "P-77", {"type": "policy", "title": "Woonhuis", "number": "POL-0099.77"},
            (Identifier("policy", "POL-0099.77", "contract"),),
            (
                RoleDraft("policyholder", crm, policy, date(2020, 1, 1)),
                RoleDraft("insured", other, policy, date(2019, 1, 1), date(2020, 12, 31)),
            ),
        ),
    )  # fmt: skip


def found(text: str) -> list[tuple[str, str, str]]:
    hits = find(text, actor=STEWARD, purpose=PURPOSE).hits
    return [(hit.customer.name, via.scheme, via.how) for hit in hits for via in hit.via]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("text", "scheme", "how"),
    [
        ("06 1234 5678", "phone", "exact"),
        ("0612345678", "phone", "notation"),
        ("+31 6 12 34 56 78", "phone", "notation"),
        ("0031612345678", "phone", "notation"),
        ("(06) 1234-5678", "phone", "notation"),
        ("sanne.jansen@voorbeeld.nl", "email", "notation"),
        ("SANNE.JANSEN@VOORBEELD.NL ", "email", "notation"),
        ("NL91 ABNA 0417 1643 00", "iban", "notation"),
        ("nl91abna0417164300", "iban", "notation"),
        ("00123-456.7", "loyalty", "exact"),
        ("001234567", "loyalty", "notation"),
        ("1234567", "loyalty", "leading_zeros"),
        ("k0042", "customer_number", "notation"),
        ("3512 AB 12 a", "address", "exact"),
        ("3512ab12A", "address", "notation"),
        ("3512 AB 12", "address", "without_suffix"),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, scheme: str, how: str) -> None:
    assert found(text) == [("Sanne Jansen", scheme, how)]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("text", ["0612345679", "sanne@voorbeeld.nl", "NL92ABNA0417164300", "12", "", "  ", "3512AB13"])
def test_a_number_that_nobody_has_finds_nobody(text: str) -> None:
    assert found(text) == []


@pytest.mark.usefixtures("house")
def test_a_policy_number_leads_to_those_with_a_role_in_it_current_ones_first() -> None:
    hits = find("pol 0099-77", actor=STEWARD, purpose=PURPOSE).hits
    told = [(hit.customer.name, via.role, via.from_date, via.to_date, via.kind) for hit in hits for via in hit.via[:1]]
    assert told == [
        ("Sanne Jansen", "policyholder", date(2020, 1, 1), None, "contract"),
        ("Piet Bos", "insured", date(2019, 1, 1), date(2020, 12, 31), "contract"),
    ]


@pytest.mark.usefixtures("house")
def test_a_name_is_found_with_a_typo_only_when_no_number_is() -> None:
    result = find("Sane Jansen", actor=STEWARD, purpose=PURPOSE)
    assert [(hit.customer.name, hit.found_by) for hit in result.hits] == [("Sanne Jansen", "name")]
    assert not result.is_number


@pytest.mark.usefixtures("house")
def test_a_number_of_a_record_that_is_gone_is_not_found_any_more() -> None:
    deliver("crm", person("100", gone=True, day=1))
    assert found("06 1234 5678") == []


@pytest.mark.usefixtures("house")
def test_what_was_searched_for_is_not_in_the_audit_log() -> None:
    find("06 1234 5678", actor=STEWARD, purpose=PURPOSE)
    line = AuditLine.objects.get(action="customers.find")
    assert line.detail == {"found": [customer("crm", "100").id], "by": "number"}


MARKETER = Actor.user(id=7, name="Marketeer", roles=("marketer",))


@pytest.mark.usefixtures("house")
def test_number_that_the_purpose_may_not_see_leads_to_nobody() -> None:
    assert found("NL91 ABNA 0417 1643 00") == [("Sanne Jansen", "iban", "notation")]
    assert find("NL91 ABNA 0417 1643 00", actor=MARKETER, purpose="marketing").hits == ()
    assert len(find("06 1234 5678", actor=MARKETER, purpose="marketing").hits) == 1
