"""Delivering records over REST, one by one and in bulk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from tests.surfaces.exchange.conftest import ANNA, SYSTEM, Api, MakeKey, declaration, problem

from klantbeeld.exchange import bulk, tasks
from klantbeeld.exchange.models import BulkDelivery
from klantbeeld.flows import receive as flow
from klantbeeld.foundation import actions, catalogue
from klantbeeld.foundation.models import ApiKey, Attribute, AuditLine
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.sources import actions as sources
from klantbeeld.sources.models import Quarantine, Record

PATH = "/sources/crm/record"
KEY = {"kind": "person", "external_id": "1"}


def put(api: Api, path: str = PATH, **body: Any) -> Any:
    return api.put(path, {**KEY, "attributes": {"family_name": "Jansen"}, **body})


def get(api: Api, **key: str) -> Any:
    return api.post(f"{PATH}/get", {**KEY, **key})


def remove(api: Api, **key: str) -> Any:
    return api.post(f"{PATH}/remove", {**KEY, **key})


def test_put_creates_changes_and_leaves_alone(api: Api) -> None:
    first = put(api).json()
    assert first["outcome"] == "created"
    assert put(api).json() == {**first, "outcome": "unchanged"}
    assert put(api, attributes={"family_name": "Janssen"}).json() == {**first, "outcome": "changed"}
    assert Record.objects.count() == 1


def test_put_of_a_version_that_is_late_changes_nothing(api: Api) -> None:
    put(api, source_at="2026-06-02T12:00:00+02:00")
    late = put(api, attributes={"family_name": "Oud"}, source_at="2026-06-01T12:00:00+02:00").json()
    assert late["outcome"] == "late"
    assert get(api).json()["attributes"] == {"family_name": "Jansen"}


def test_put_from_the_far_future_is_refused_and_does_not_make_the_next_one_late(api: Api) -> None:
    refused = put(api, source_at="2999-01-01T00:00:00Z")
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"pointer": "/source_at", "message": "is more than 24 hours in the future"}]
    assert put(api, source_at=(timezone.now() + timedelta(hours=23)).isoformat()).json()["outcome"] == "created"


def test_put_ties_contract_and_person_by_a_role(api: Api) -> None:
    customer = api.person("1", **ANNA)
    response = api.put(
        PATH,
        {
            "kind": "contract",
            "external_id": "P-77",
            "attributes": {"type": "policy", "title": "Home", "amount": "120.50", "currency": "EUR"},
            "identifiers": [{"scheme": "policy", "value": "POL.0077.12"}],
            "roles": [{"role": "insured", "holder": {"kind": "person", "external_id": "1"}, "from_date": "2026-01-01"}],
        },
    )
    assert response.status_code == 200, response.content
    assert response.json()["customer"] is None
    (hit,) = api.post("/customers/find", {"text": "pol 0077 12"}).json()["hits"]
    assert hit["customer"]["id"] == customer
    assert (hit["via"][0]["role"], hit["via"][0]["from_date"]) == ("insured", "2026-01-01")


def test_remove_takes_the_record_out_of_the_golden_record(api: Api) -> None:
    customer = api.person("1", **ANNA)
    assert remove(api).json()["outcome"] == "gone"
    assert api.get(f"/customers/{customer}").json()["records"] == 0
    assert api.person("1", **ANNA) == customer, "it comes back under its own id"
    assert problem(remove(api, external_id="unknown"))[0] == 404


def test_get_shows_what_the_purpose_may_see_and_is_written_down(api: Api) -> None:
    api.person("1", **ANNA)
    body = get(api).json()
    assert (body["source"], body["external_id"], body["state"]) == ("crm", "1", "live")
    assert "iban" in body["attributes"]
    api.purpose = "marketing"
    assert "iban" not in get(api).json()["attributes"]
    assert AuditLine.objects.filter(action="records.read").count() == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"attributes": {"shoe_size": 3}}, "/attributes/shoe_size"),
        ({"attributes": {"family_name": 7}}, "/attributes/family_name"),
        ({"attributes": {"birth_date": "17-05-1980"}}, "/attributes/birth_date"),
        ({"attributes": {"birth_date": "1980-02-30"}}, "/attributes/birth_date"),
        ({"attributes": {"gender": "q"}}, "/attributes/gender"),
        ({"attributes": {"email": "nothing"}}, "/attributes/email"),
        ({"attributes": {"phone": [{"value": "none"}]}}, "/attributes/phone"),
        ({"attributes": {"address": {"planet": "Mars"}}}, "/attributes/address"),
        ({"attributes": {"email": [{"value": "a@b.nl", "verified": True}]}}, "/attributes/email"),
        ({"identifiers": [{"scheme": "bsn", "value": "123456782"}]}, "/identifiers/0"),
        ({"identifiers": [{"scheme": "loyalty", "value": "BSN 123456782"}]}, "/identifiers/0"),
        ({"attributes": {"salutation": "bsn 123456782"}}, "/attributes/salutation"),
        ({"roles": [{"role": "payer", "target": {"kind": "contract", "external_id": "x", "source": "nothere"}}]},
         "/roles/0/target/source"),
        ({"identifiers": [{"scheme": "loyalty", "value": ""}]}, "/identifiers/0/value"),
        ({"roles": [{"role": "payer"}]}, "/roles/0"),
        (
            {"roles": [{"role": "payer", "target": {"kind": "contract", "external_id": "x"},
                        "from_date": "2026-02-01", "to_date": "2026-01-01"}]},
            "/roles/0",
        ),
        ({"source_at": "2026-06-01T12:00:00"}, "/source_at"),
        ({"attributes": []}, "/attributes"),
    ],
)  # fmt: skip
def test_put_tells_where_a_record_is_wrong_and_stores_nothing(api: Api, body: dict[str, Any], pointer: str) -> None:
    response = api.put(PATH, {**KEY, **body})
    assert problem(response)[0] == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]
    assert "123456782" not in response.content.decode()
    assert not Record.objects.exists()


def test_put_takes_an_id_that_tells_who_somebody_is_and_no_address_holds_it(api: Api) -> None:
    made = put(api, external_id="anna@example.nl").json()
    body = get(api, external_id="anna@example.nl").json()
    assert (body["id"], body["external_id"]) == (made["record"], "anna@example.nl")
    document = api.get("/openapi.json").json()
    assert not any("external_id" in path or "{kind}" in path for path in document["paths"])


def test_put_refuses_unknown_kinds_and_sources(api: Api) -> None:
    assert problem(put(api, kind="unicorn"))[0] == 422
    assert problem(put(api, external_id=""))[0] == 422
    assert problem(put(api, "/sources/nothere/record")) == (404, "sources.missing")


# --- by our id


def test_record_is_read_replaced_and_removed_by_our_id(api: Api) -> None:
    customer = api.person("anna@example.nl", **ANNA)
    record = get(api, external_id="anna@example.nl").json()
    path = f"/records/{record['id']}"
    assert api.get(path).json() == record
    changed = api.put(path, {"attributes": {**ANNA, "given_name": "Anne"}})
    assert changed.json() == {"record": record["id"], "outcome": "changed", "customer": customer}
    assert api.get(path).json()["attributes"]["given_name"] == "Anne"
    assert api("DELETE", path).json()["outcome"] == "gone"
    assert api.get(path).json()["state"] == "gone"
    assert Record.objects.count() == 1


def test_record_of_our_own_source_is_read_and_not_written(api: Api, make_key: MakeKey) -> None:
    customer = api.person("1", **ANNA)
    api.post(f"/customers/{customer}/correct", {"attribute": "given_name", "value": "Anne"})
    explained = api.get(f"/customers/{customer}/explain").json()["records"]
    path = next(f"/records/{record['id']}" for record in explained if record["source"] == "desk")
    assert api.get(path).json()["attributes"] == {"given_name": "Anne"}
    assert problem(api.put(path, {"attributes": {}})) == (404, "records.missing")
    assert problem(api("DELETE", path)) == (404, "records.missing")
    other = actions.ensure_company(code="other", name="Other", actor=SYSTEM)
    assert problem(make_key("records:read", company_id=other).get(path)) == (404, "records.missing")


def test_record_that_is_only_expected_is_not_there_by_our_id(api: Api) -> None:
    put(api, kind="contract", external_id="P1", attributes={}, roles=[{"role": "payer", "holder": KEY}])
    expected = Record.objects.get(external_id="1")
    assert problem(api.get(f"/records/{format_id('rec', expected.uuid)}")) == (404, "records.missing")


def test_number_that_the_purpose_may_not_see_is_not_shown(api: Api) -> None:
    put(api, identifiers=[{"scheme": "iban", "value": "NL91ABNA0417164300"}, {"scheme": "loyalty", "value": "7"}])
    assert [one["scheme"] for one in get(api).json()["identifiers"]] == ["iban", "loyalty"]
    api.purpose = "marketing"
    assert [one["scheme"] for one in get(api).json()["identifiers"]] == ["loyalty"]


def test_put_into_a_built_in_source_is_refused(api: Api) -> None:
    customer = api.person("1", **ANNA)
    api.post(f"/customers/{customer}/correct", {"attribute": "given_name", "value": "Anne"})
    assert problem(put(api, "/sources/desk/record"))[0] == 404


def test_key_of_one_company_does_not_reach_the_source_of_another(api: Api, make_key: MakeKey) -> None:
    api.person("1", **ANNA)
    other = actions.ensure_company(code="other", name="Other", actor=SYSTEM)
    stranger = make_key("records:write", "records:read", company_id=other)
    nobody = put(api, "/sources/nothere/record")
    refused = put(stranger)
    assert refused.status_code == nobody.status_code == 404
    assert problem(get(stranger))[0] == 404
    assert problem(remove(stranger))[0] == 404
    for method in ("GET", "PUT", "DELETE"):
        path = f"/records/{get(api).json()['id']}"
        assert problem(stranger(method, path, {"attributes": {}})) == (404, "records.missing")
    assert problem(stranger.post("/sources/crm/records", {"records": [row(1)]}))[0] == 404
    sources.declare(declaration=declaration("till", "other"), actor=SYSTEM)
    assert put(stranger, "/sources/till/record").status_code == 200


# --- repeated requests


def test_put_with_a_key_is_done_once(api: Api) -> None:
    first, again = (
        api.put(PATH, {**KEY, "attributes": {"family_name": "Jansen"}}, idempotency_key="k1") for _ in range(2)
    )
    assert first.json() == again.json()
    assert again.json()["outcome"] == "created", "the first answer, not a second look"
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert problem(api.put(PATH, {**KEY, "attributes": {}}, idempotency_key="k1")) == (422, "idempotency.key_reused")


def test_key_of_a_request_that_failed_can_be_used_again(api: Api) -> None:
    assert api.put(PATH, {**KEY, "attributes": {"gender": "q"}}, idempotency_key="k2").status_code == 422
    assert api.put(PATH, {**KEY, "attributes": {"gender": "f"}}, idempotency_key="k2").status_code == 200


# --- bulk


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "person", "external_id": str(number), "attributes": {"family_name": f"N{number}"}, **more}


def deliver(api: Api, *rows: dict[str, Any], **headers: str) -> Any:
    return api.post("/sources/crm/records", {"records": list(rows)}, **headers)


def run(job: str) -> int:
    """Do the job as the worker does; returns how many stretches it took."""
    stretches = 1
    while bulk.store_next(parse_id("job", job)):
        stretches += 1
    return stretches


def test_bulk_is_accepted_and_stored_by_its_job(api: Api) -> None:
    response = deliver(api, row(1, attributes=ANNA), row(2), row(3, gone=True))
    assert response.status_code == 202, response.content
    job = response.json()
    assert (job["state"], job["records"], job["done"]) == ("waiting", 3, 0)
    assert not Record.objects.exists()
    run(job["id"])
    done = api.get(f"/jobs/{job['id']}").json()
    assert (done["state"], done["done"], done["created"]) == ("done", 3, 2)
    assert BulkDelivery.objects.get().body is None, "personal data is not kept twice"
    assert len(api.post("/customers/find", {"text": "Jansen"}).json()["hits"]) == 1


def test_bulk_goes_on_where_a_killed_worker_was(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    job = deliver(api, *(row(number) for number in range(5))).json()["id"]
    assert bulk.store_next(parse_id("job", job))
    assert api.get(f"/jobs/{job}").json()["done"] == 2
    assert run(job) == 2
    done = api.get(f"/jobs/{job}").json()
    assert (done["state"], done["created"], Record.objects.count()) == ("done", 5, 5)
    assert not bulk.store_next(parse_id("job", job)), "a second start does nothing"


def test_bulk_names_every_fault_of_the_first_bad_record_and_keeps_nothing(api: Api) -> None:
    response = deliver(api, row(1), row(2, attributes={"gender": "q", "shoe_size": 1}))
    assert problem(response)[0] == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [
        "/records/1/attributes/gender",
        "/records/1/attributes/shoe_size",
    ]
    assert not BulkDelivery.objects.exists()


def test_bulk_is_accepted_once(api: Api) -> None:
    first, again = (deliver(api, row(1), idempotency_key="b1") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert BulkDelivery.objects.count() == 1


def test_bulk_of_a_key_that_was_revoked_meanwhile_is_not_stored(api: Api) -> None:
    job = deliver(api, row(1)).json()["id"]
    for key in ApiKey.objects.all():
        actions.revoke_key(key_id=key.key_id, actor=SYSTEM)
    run(job)
    delivery = BulkDelivery.objects.get()
    assert (delivery.state, delivery.problem[:14]) == ("failed", "access.unknown")
    assert not Record.objects.exists()


def test_job_of_somebody_else_is_not_there(api: Api, make_key: MakeKey) -> None:
    job = deliver(api, row(1)).json()["id"]
    assert problem(make_key("records:write").get(f"/jobs/{job}")) == (404, "jobs.missing")
    assert problem(api.get("/jobs/job_01h455vb4pex5vsknk084sn02q")) == (404, "jobs.missing")


def test_bulk_has_a_size(api: Api) -> None:
    assert problem(deliver(api))[0] == 422


BSN = "BSN 123456782"


@pytest.mark.parametrize(
    "bad",
    [
        {"attributes": {"family_name": BSN}},
        {"identifiers": [{"scheme": "loyalty", "value": BSN}]},
        {"external_id": BSN},
    ],
)
def test_bsn_is_refused_at_every_door_and_kept_and_told_nowhere(
    api: Api, bad: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    record = put(api, external_id="7").json()["record"]
    content = {name: value for name, value in bad.items() if name != "external_id"}
    answers = [put(api, **bad), deliver(api, row(1), {**row(2), **bad}, idempotency_key="b")]
    if content:
        answers.append(api.put(f"/records/{record}", content))
    for answer in answers:
        assert problem(answer) == (422, "bsn.refused")
        assert "123456782" not in answer.content.decode()
    assert answers[1].json()["errors"][0]["pointer"].startswith("/records/1/")
    dutch = api.put(PATH, {**KEY, **bad}, accept_language="nl").json()
    assert "burgerservicenummer" in dutch["detail"]
    assert "citizen service number" in caplog.text
    assert "123456782" not in caplog.text
    assert "123456782" not in whole_database()


def test_bsn_in_a_correction_is_refused(api: Api) -> None:
    customer = api.person("1", **ANNA)
    for asked in ({"value": BSN}, {"value": "Anne", "reason": f"gebeld, {BSN}"}):
        answer = api.post(f"/customers/{customer}/correct", {"attribute": "given_name", **asked})
        assert problem(answer) == (422, "bsn.refused")
        assert "123456782" not in answer.content.decode()
    assert "123456782" not in whole_database()


def whole_database() -> str:
    """Every row of every table that the product may read, as one text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND has_table_privilege(oid, 'SELECT')"
        )
        found = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT coalesce(string_agg(t::text, $$,$$), $$$$) FROM "{name}" t')
            found.append(str(cursor.fetchone()[0]))
    return "\n".join(found)


# --- one bad record in a bulk delivery


def role_of(source: str) -> list[dict[str, Any]]:
    return [{"role": "payer", "target": {"kind": "contract", "external_id": "P1", "source": source}}]


def test_bulk_with_a_reference_to_a_source_that_is_not_there_is_not_accepted(api: Api) -> None:
    response = deliver(api, row(1), row(2, roles=role_of("nothere")))
    assert problem(response) == (422, "record.invalid")
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/records/1/roles/0/target/source"]
    assert not BulkDelivery.objects.exists()
    assert deliver(api, row(1), row(2, roles=role_of("crm"))).status_code == 202


def stored(*wanted: int) -> bool:
    ids = {str(number) for number in wanted}
    return set(Record.objects.filter(kind=1).values_list("external_id", flat=True)) == ids


def test_record_that_the_catalogue_no_longer_takes_goes_to_quarantine_and_the_others_are_stored(
    api: Api, request: pytest.FixtureRequest
) -> None:
    job = deliver(api, row(1), row(2, attributes={"gender": "f"}), row(3)).json()["id"]
    Attribute.objects.filter(kind="person", code="gender").update(choices=[["x", {"nl": "x", "en": "x"}]])
    catalogue.forget()
    request.addfinalizer(catalogue.forget)
    run(job)
    done = api.get(f"/jobs/{job}").json()
    assert (done["state"], done["done"], done["created"], done["refused"]) == ("done", 3, 2, 1)
    assert [(one["pointer"], one["reason"]) for one in done["refusals"]] == [("/records/1", "record.invalid")]
    kept = Quarantine.objects.get()
    assert (kept.position, kept.reason, kept.raw["external_id"]) == (2, "record.invalid", "2")
    assert stored(1, 3)
    assert BulkDelivery.objects.get().body is None


@pytest.mark.parametrize("error", [DataError("x 123456782"), ValueError("x 123456782"), Invalid("x", code="sources.x")])
def test_record_that_cannot_be_stored_goes_to_quarantine_and_the_others_are_stored(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    job = deliver(api, *(row(number) for number in range(9))).json()["id"]

    def receive(*, drafts: Any, **more: Any) -> Any:
        made = flow.receive(drafts=drafts, **more)  # written, and then taken back with its savepoint
        if any(draft.external_id in ("3", "7") for draft in drafts):
            raise error
        return made

    monkeypatch.setattr(bulk, "receive", receive)
    run(job)
    done = api.get(f"/jobs/{job}").json()
    assert (done["state"], done["done"], done["created"], done["refused"]) == ("done", 9, 7, 2)
    assert [one["pointer"] for one in done["refusals"]] == ["/records/3", "/records/7"]
    assert stored(0, 1, 2, 4, 5, 6, 8)
    assert Quarantine.objects.filter(source__code="crm").count() == 2
    assert "123456782" not in caplog.text
    shown = api.get("/sources/crm/quarantine").json()["refusals"]
    assert [one["position"] for one in shown] == [4, 8]


def test_fault_that_is_in_no_record_puts_none_in_quarantine(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    job = deliver(api, *(row(number) for number in range(40))).json()["id"]

    def receive(**_: Any) -> Any:
        raise TypeError("ours")

    monkeypatch.setattr(bulk, "receive", receive)
    with pytest.raises(RuntimeError, match="not in them"):
        bulk.store_next(parse_id("job", job))
    assert not Quarantine.objects.exists()
    assert api.get(f"/jobs/{job}").json()["state"] == "waiting", "its job tries again"


def test_delivery_whose_last_attempt_fails_is_marked_with_a_reason_and_its_records_are_not_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = deliver(api, row(1), row(2)).json()["id"]
    delivery = str(parse_id("job", job))

    def receive(**_: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(bulk, "receive", receive)

    def attempt(before: int) -> None:
        made = Job(id=1, status="doing", queue="bulk", lock=None, queueing_lock=None, task_name="x", attempts=before)
        tasks.store_delivery.func(
            JobContext(job=made, app=app, start_timestamp=0.0, abort_reason=lambda: None), delivery
        )

    with pytest.raises(OperationalError):
        attempt(tasks.MOST_ATTEMPTS - 1)
    assert api.get(f"/jobs/{job}").json()["state"] == "waiting"
    with pytest.raises(OperationalError):
        attempt(tasks.MOST_ATTEMPTS)
    failed = api.get(f"/jobs/{job}").json()
    assert (failed["state"], failed["problem"][:12], failed["done"]) == ("failed", "jobs.gave_up", 0)
    assert failed["finished_at"]
    assert BulkDelivery.objects.get().body is None
    assert AuditLine.objects.filter(action="records.delivery_failed").count() == 1
    monkeypatch.undo()
    assert not bulk.store_next(parse_id("job", job)), "what was given up is not taken up again"


def test_delivery_whose_job_ended_without_it_is_given_up(api: Api) -> None:
    lost, waiting = (deliver(api, row(number)).json()["id"] for number in (1, 2))
    assert bulk.fail_abandoned() == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'delivery' = %s", [str(parse_id("job", lost))]
        )
    assert bulk.fail_abandoned() == 1
    assert api.get(f"/jobs/{lost}").json()["state"] == "failed"
    assert api.get(f"/jobs/{waiting}").json()["state"] == "waiting"
    assert BulkDelivery.objects.get(uuid=parse_id("job", lost)).body is None
    run(waiting)
    assert bulk.fail_abandoned() == 0


def test_delivery_of_a_revoked_key_keeps_no_records(api: Api) -> None:
    job = deliver(api, row(1)).json()["id"]
    actions.revoke_key(key_id=ApiKey.objects.get().key_id, actor=SYSTEM)
    run(job)
    assert BulkDelivery.objects.get().body is None
