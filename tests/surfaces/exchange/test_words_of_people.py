"""What people say over the API: whose word a correction is, that customers are different, and taking it back."""

from __future__ import annotations

from tests.surfaces.exchange.conftest import ANNA, BRAM, Api, problem

from klantbeeld.foundation.models import AuditLine


def test_correction_stated_by_the_customer_is_verified(api: Api) -> None:
    anna = api.person("1", **ANNA)
    said = {"attribute": "given_name", "value": "Anne", "stated_by": "customer", "reason": "by telephone"}
    assert api.post(f"/customers/{anna}/correct", said).status_code == 200
    shown = api.get(f"/customers/{anna}?provenance=true").json()["attributes"]
    (name,) = shown["given_name"]
    assert (name["value"], name["why"], name["verified"]) == ("Anne", "verified", True)
    assert name["record"]["source"] == "customer_said"
    assert [one["verified"] for one in shown["family_name"]] == [False]
    line = AuditLine.objects.get(action="customers.correct")
    assert line.detail["stated_by"] == "customer"
    assert "Anne" not in str(line.detail)
    established = {"attribute": "given_name", "value": "Anneke"}
    assert api.post(f"/customers/{anna}/correct", established).status_code == 200
    (name,) = api.get(f"/customers/{anna}").json()["attributes"]["given_name"]
    assert (name["value"], name["why"], name["verified"]) == ("Anneke", "steward", False)
    assert problem(api.post(f"/customers/{anna}/correct", said | {"stated_by": "neighbour"}))[0] == 422


def test_customers_kept_apart_stay_apart_until_it_is_taken_back(api: Api) -> None:
    anna = api.person("1", **ANNA)
    bram = api.person("2", **BRAM)
    kept = api.post("/customers/keep-apart", {"customers": [anna, bram], "reason": "father and son"})
    assert (kept.status_code, set(kept.json()["customers"])) == (200, {anna, bram})
    same = {"kind": "person", "external_id": "2", "attributes": ANNA}
    assert api.put("/sources/crm/record", same).json()["customer"] == bram, "whatever new versions say"
    undone = api.post(f"/merges/{kept.json()['merge']}/undo", {"reason": "one after all"})
    assert undone.json()["customers"] == [anna]
    assert problem(api.post(f"/merges/{kept.json()['merge']}/undo", {"reason": "again"})) == (409, "identity.revoked")
    assert problem(api.post("/customers/keep-apart", {"customers": [anna, anna], "reason": "x"}))[0] == 422
