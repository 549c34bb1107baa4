"""The demo's services: every row is there, also while rows change, and faults come as they do elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantbeeld.demo.service.server import DemoServer
from klantbeeld.demo.service.store import Shelf
from klantbeeld.demo.systems import build_system
from klantbeeld.demo.world import World, build_world

NOW = 1_795_000_000
WORLD = build_world(300, seed=5)
SYSTEMS = {code: build_system(WORLD, code) for code in ("shop", "crm", "partner")}


@pytest.fixture
def world() -> World:
    return WORLD


@pytest.fixture
def server(world: World) -> Iterator[DemoServer]:
    with DemoServer(world, key="geheim", now=lambda: NOW) as running:
        yield running


@pytest.fixture
def client(server: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"x-api-key": "geheim"}) as open_client:
        yield open_client


def by_cursor(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    rows, cursor = [], ""
    while True:
        answer = client.get("/shop/v1/customers", params={**query, "cursor": cursor}).raise_for_status().json()
        rows += answer["data"]
        cursor = answer["nextCursor"]
        if not cursor:
            return rows


def by_page(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for page in range(1, 10_000):
        answer = client.get("/crm/v1/contacts", params={**query, "page": page}).raise_for_status().json()
        rows += answer["items"]
        if page >= answer["pages"]:
            break
    return rows


def test_cursor_gives_every_row_once_in_the_order_of_change(client: httpx.Client) -> None:
    feed = SYSTEMS["shop"].feed("customers")
    rows = by_cursor(client, limit=17)
    assert len(rows) == len({row["id"] for row in rows}) == feed.count
    moments = [row["updatedAt"] for row in rows]
    assert moments == sorted(moments)


def test_pages_give_every_row_once(client: httpx.Client) -> None:
    rows = by_page(client, per_page=23)
    assert len(rows) == len({row["contactId"] for row in rows}) == SYSTEMS["crm"].feed("contacts").count


def test_link_headers_lead_through_every_row(client: httpx.Client) -> None:
    rows, target = [], "/partner/v1/shipments?limit=9"
    while target:
        answer = client.get(target).raise_for_status()
        rows += answer.json()
        target = answer.links.get("next", {}).get("url", "")
    assert len({row["shipmentId"] for row in rows}) == len(rows) == SYSTEMS["partner"].feed("shipments").count


def test_missing_values_are_written_in_the_way_of_each_service(client: httpx.Client) -> None:
    shop = by_cursor(client, limit=500)
    assert any(row["company"]["kvk"] is None for row in shop)
    assert not any(row["phone"] == "" for row in shop)
    assert any(row["phoneWork"] == "" for row in by_page(client, per_page=500))
    shipments = client.get("/partner/v1/shipments?limit=500").json()
    assert any("phone" not in row["consignee"] for row in shipments)
    assert all(row["consignee"]["name"] for row in shipments)


@settings(max_examples=20, deadline=None)
@given(size=st.integers(1, 60), bursts=st.lists(st.integers(0, 25), max_size=30))
def test_cursor_misses_nothing_while_rows_change(size: int, bursts: list[int]) -> None:
    shelf = Shelf(WORLD, SYSTEMS["shop"].feed("customers"), lambda: NOW, "null")
    seen: dict[str, dict[str, Any]] = {}
    cursor, waiting = "", list(bursts)
    while True:
        page = shelf.by_cursor(cursor, size)
        seen |= {row["id"]: row for row in page.rows}
        if burst := (waiting.pop(0) if waiting else 0):
            shelf.change(burst)
        cursor = page.next_cursor or (cursor if waiting else "")
        if not cursor:
            break
    latest = {row["id"]: row for row in shelf.by_cursor("", 10_000).rows}
    assert seen.keys() == latest.keys()
    changed_after_the_end = {key for key, row in latest.items() if row != seen[key]}
    assert len(changed_after_the_end) <= sum(bursts)
    if not any(bursts):
        assert seen == latest


@settings(max_examples=25, deadline=None)
@given(size=st.integers(1, 60), bursts=st.lists(st.integers(0, 25), max_size=30))
def test_pages_miss_nothing_while_rows_change_or_are_removed(size: int, bursts: list[int]) -> None:
    shelf = Shelf(WORLD, SYSTEMS["crm"].feed("contacts"), lambda: NOW, "empty")
    seen: list[str] = []
    waiting = list(bursts)
    number = 1
    while page := shelf.by_page(number, size).rows:
        seen += [row["contactId"] for row in page]
        number += 1
        if waiting and (burst := waiting.pop(0)):
            shelf.change(burst)
    assert len(seen) == len(set(seen)) == shelf.feed.count


def test_reader_who_comes_back_with_updated_since_gets_what_changed(client: httpx.Client) -> None:
    before = {row["id"]: row for row in by_cursor(client, limit=100)}
    asked = {"system": "shop", "feed": "customers", "count": 30}
    changed = set(client.post("/_demo/changes", json=asked).raise_for_status().json()["changed"])
    later = {row["id"]: row for row in by_cursor(client, limit=7, updated_since="2026-11-18T00:00:00Z")}
    assert later.keys() == changed
    assert all(row != before[key] for key, row in later.items())
    assert {row["id"]: row for row in by_cursor(client, limit=100)} == {**before, **later}
    kinds = {
        "phone": sum(row["phone"] != before[key]["phone"] for key, row in later.items()),
        "address": sum(row["billingAddress"] != before[key]["billingAddress"] for key, row in later.items()),
    }
    assert min(kinds.values()) > 3


def test_removed_rows_are_marked(client: httpx.Client) -> None:
    asked = {"system": "crm", "feed": "contacts", "count": 200}
    client.post("/_demo/changes", json=asked).raise_for_status()
    removed = [row for row in by_page(client, per_page=100) if row["deleted"]]
    assert 1 <= len(removed) <= 40


def test_without_the_key_nothing_is_told(server: DemoServer) -> None:
    for headers in ({}, {"X-Api-Key": "verkeerd"}, {b"X-Api-Key": "é".encode()}):
        answer = httpx.get(f"{server.url}/shop/v1/customers", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "The header X-Api-Key must hold the key of this service."
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("target", "status", "text"),
    [
        ("/shop/v1/nothing", 404, "There is no /shop/v1/nothing here; / lists what there is."),
        ("/shop/v1/customers?limit=0", 400, "limit must be a whole number from 1 to 1000, not '0'."),
        ("/crm/v1/contacts?page=-1", 400, "page must be a whole number from 1 to 1000000000, not '-1'."),
        ("/shop/v1/customers?cursor=bogus", 400, "The cursor is not one of this service: start again without it."),
        (
            "/shop/v1/customers?updated_since=gisteren", 400,
            "updated_since must be a moment such as 2026-10-01T12:00:00Z, not 'gisteren'.",
        ),
    ],
)  # fmt: skip
def test_wrong_question_is_answered_with_what_is_wrong(
    client: httpx.Client, target: str, status: int, text: str
) -> None:
    answer = client.get(target)
    assert (answer.status_code, answer.json()["title"]) == (status, text)


def test_writing_is_refused(client: httpx.Client) -> None:
    answer = client.post("/shop/v1/customers", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_feed_that_does_not_change_says_so(client: httpx.Client) -> None:
    answer = client.post("/_demo/changes", json={"system": "shop", "feed": "orders"})
    assert answer.status_code == 400
    assert "shop/orders does not change; these do: shop/customers, crm/contacts." in answer.json()["title"]


def test_faults_come_in_the_share_asked_and_no_row_is_lost_by_trying_again(world: World) -> None:
    with (
        DemoServer(WORLD, key="k", faults=0.3) as server,
        httpx.Client(base_url=server.url, headers={"X-Api-Key": "k"}) as client,
    ):
        rows, cursor, statuses = [], "", []
        while True:
            answer = client.get("/shop/v1/customers", params={"limit": 3, "cursor": cursor})
            statuses.append(answer.status_code)
            if answer.status_code == 429:
                assert answer.headers["retry-after"] == "1"
            if answer.status_code != 200:
                continue
            rows += answer.json()["data"]
            cursor = answer.json()["nextCursor"]
            if not cursor:
                break
    assert len({row["id"] for row in rows}) == len(rows) == SYSTEMS["shop"].feed("customers").count
    failed = statuses.count(429) + statuses.count(500)
    assert abs(statuses.count(429) - statuses.count(500)) <= 1
    assert 0.15 < failed / len(statuses) < 0.45
