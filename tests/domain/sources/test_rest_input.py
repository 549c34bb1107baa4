"""Paginated services as input: every form of pagination, faults, limits, other hosts, and going on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from klantbeeld.kit.errors import Invalid, Unavailable
from klantbeeld.sources.adapters.rest import RestInput
from klantbeeld.sources.contracts import Draft
from klantbeeld.sources.declaration import Feed, Reading

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Answer = tuple[int, dict[str, str], Any]
PEOPLE = [{"id": n, "name": {"last": f"Naam {n}"}, "mail": None} for n in range(1, 24)]
PERSON: dict[str, Any] = {"kind": "person", "external_id": "id", "attributes": {"family_name": "name.last"}}


class Service:
    """A service on loopback that answers as a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.answer: Callable[[str, dict[str, str]], Answer] = lambda path, query: (200, {}, [])
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                service.asked.append((parts.path, query, dict(self.headers)))
                status, headers, body = service.answer(parts.path, query)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/people"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.stop()


def given(service: Service, since: datetime | None = None, waits: list[float] | None = None, **form: Any) -> RestInput:
    declared = {"type": "rest", "url": service.url, "pagination": {"type": "none"}, "retries": 3, **form}
    wait = (waits if waits is not None else []).append
    return RestInput(Feed("people", declared, Reading(), (PERSON,)), since=since, wait=wait)


def read(source: RestInput, size: int = 1000, after: Any = None) -> tuple[list[Draft], list[Any]]:
    drafts: list[Draft] = []
    cursors = []
    for chunk in source.chunks(after, lambda: size):
        for row in chunk.rows:
            drafts += source.mapper.map(row, NOW)[0]
        cursors.append(chunk.cursor)
    return drafts, cursors


def by_cursor(path: str, query: dict[str, str]) -> Answer:
    start = int(query.get("after", 0))
    more = start + 5 < len(PEOPLE)
    return 200, {}, {"data": PEOPLE[start : start + 5], "meta": {"next": str(start + 5) if more else None}}


def by_page(path: str, query: dict[str, str]) -> Answer:
    size, page = int(query["per"]), int(query["p"])
    return 200, {}, PEOPLE[(page - 1) * size : page * size]


def by_link(path: str, query: dict[str, str]) -> Answer:
    start = int(query.get("from", 0))
    more = start + 5 < len(PEOPLE)
    headers = {"Link": f'</people?from={start + 5}>; rel="next", </people>; rel="first"'} if more else {}
    return 200, headers, PEOPLE[start : start + 5]


def by_offset(path: str, query: dict[str, str]) -> Answer:
    start, size = int(query["skip"]), int(query["take"])
    return 200, {}, {"items": PEOPLE[start : start + size], "total": len(PEOPLE)}


def by_next(path: str, query: dict[str, str]) -> Answer:
    start = int(query.get("from", 0))
    following = f"/people?from={start + 5}" if start + 5 < len(PEOPLE) else None
    return 200, {}, {"items": PEOPLE[start : start + 5], "links": {"next": following}}


OFFSET: dict[str, Any] = {"type": "offset", "parameter": "skip", "size_parameter": "take", "size": 5}
WAYS: dict[str, tuple[Callable[[str, dict[str, str]], Answer], dict[str, Any]]] = {
    "cursor": (
        by_cursor,
        {"records_at": "data", "pagination": {"type": "cursor", "parameter": "after", "next_at": "meta.next"}},
    ),
    "page": (by_page, {"pagination": {"type": "page", "parameter": "p", "size_parameter": "per", "size": 5}}),
    "link": (by_link, {"pagination": {"type": "link"}}),
    "offset": (by_offset, {"records_at": "items", "pagination": OFFSET}),
    "total": (by_offset, {"records_at": "items", "pagination": OFFSET | {"total_at": "total"}}),
    "next": (by_next, {"records_at": "items", "pagination": {"type": "next", "next_at": "links.next"}}),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_every_pagination_reads_everything_once_and_goes_on_anywhere(service: Service, way: str, size: int) -> None:
    service.answer, form = WAYS[way]
    drafts, cursors = read(given(service, **form), size)
    assert [one.external_id for one in drafts] == [str(one["id"]) for one in PEOPLE]
    assert drafts[0].attributes == {"family_name": "Naam 1"}
    for cursor in cursors:
        rest, _ = read(given(service, **form), 100, json.loads(json.dumps(cursor)))
        done = cursor.get("items", len(PEOPLE))
        assert [one.external_id for one in rest] == [str(one["id"]) for one in PEOPLE[done:]]


def test_secret_and_parameters_go_along_and_since_asks_for_changes_only(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLANTBEELD_SOURCE_SHOP", "s3cret")
    read(
        given(
            service,
            since=datetime(2026, 1, 1, 12, tzinfo=UTC),
            parameters={"kind": "all"},
            headers={"Authorization": {"secret": "env:KLANTBEELD_SOURCE_SHOP", "prefix": "Bearer "}},
            updated_since={"parameter": "since", "overlap_minutes": 10},
        )
    )
    ((_, query, headers),) = service.asked
    assert query == {"kind": "all", "since": "2026-01-01T11:50:00Z"}
    assert headers["Authorization"] == "Bearer s3cret"


def test_secret_that_is_not_set_is_named_and_nothing_is_asked(service: Service) -> None:
    with pytest.raises(Invalid, match=r"KLANTBEELD_SOURCE_NONE, which .* is not set"):
        read(given(service, headers={"K": {"secret": "env:KLANTBEELD_SOURCE_NONE"}}))
    assert service.asked == []


def test_declaration_reaches_no_secret_that_was_not_put_there_for_sources(
    service: Service, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.SOURCE_SECRETS_DIR = tmp_path / "secrets"
    settings.SOURCE_SECRETS_DIR.mkdir()
    (settings.SOURCE_SECRETS_DIR / "shop").write_text("s3cret\n")
    (tmp_path / "own").write_text("of the server")
    (settings.SOURCE_SECRETS_DIR / "link").symlink_to(tmp_path / "own")
    monkeypatch.setenv("OWN_TOKEN", "of the server")
    folder = settings.SOURCE_SECRETS_DIR
    for reference in ("env:OWN_TOKEN", f"file:{tmp_path}/own", f"file:{folder}/../own", f"file:{folder}/link"):
        with pytest.raises(Invalid) as refused:
            read(given(service, headers={"K": {"secret": reference}}))
        assert "of the server" not in refused.value.message
    with pytest.raises(Invalid, match="OWN_TOKEN"):
        read(given(service, url="http://127.0.0.1/${OWN_TOKEN}"))
    assert service.asked == []
    read(given(service, headers={"K": {"secret": f"file:{folder}/shop"}}))
    assert service.asked[0][2]["K"] == "s3cret"


def test_faults_are_tried_again_after_what_the_service_asks(service: Service) -> None:
    answers: list[Answer] = [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (200, {}, PEOPLE[:1])]
    service.answer = lambda path, query: answers.pop(0)
    waits: list[float] = []
    drafts, _ = read(given(service, waits=waits))
    assert (len(drafts), waits) == (1, [0.5, 7.0])


def test_service_that_stays_away_is_unavailable_after_its_tries(service: Service) -> None:
    service.answer = lambda path, query: (500, {}, b"")
    waits: list[float] = []
    with pytest.raises(Unavailable, match="no answer after 4 tries"):
        read(given(service, waits=waits))
    assert (len(service.asked), waits) == (4, [0.5, 1.0, 2.0])


@pytest.mark.parametrize(
    ("answer", "form", "message"),
    [
        ((401, {}, b""), {}, "answers 401"),
        ((200, {}, b"<html>"), {}, "is not JSON"),
        ((200, {}, b'[{"id": NaN}]'), {}, "not JSON"),
        ((200, {}, b"[" * 100_000), {}, "not JSON"),
        ((200, {}, {"data": 1}), {"records_at": "data"}, "no list at 'data'"),
        ((200, {}, b"[" + b" " * 5000 + b"]"), {"max_page_bytes": 4096}, "larger than 4096 bytes"),
        ((302, {"Location": "http://127.0.0.1:1/people"}, b""), {}, "does not name"),
        ((302, {"Location": "file:///etc/passwd"}, b""), {}, "does not name"),
        ((302, {"Location": "/people"}, b""), {}, "redirects more than"),
        ((200, {"Link": '<http://other.example/>; rel="next"'}, []), {"pagination": {"type": "link"}}, "does not name"),
        ((200, {"Link": '</people?x=1>; rel="next"'}, []), {"pagination": {"type": "link"}}, "without end"),
    ],
)
def test_answers_that_cannot_be_used(service: Service, answer: Answer, form: dict[str, Any], message: str) -> None:
    service.answer = lambda path, query: answer
    with pytest.raises(Invalid, match=message):
        read(given(service, **form))


def test_redirect_on_the_same_host_is_followed(service: Service) -> None:
    service.answer = lambda path, query: (
        (301, {"Location": "/v2/people"}, b"") if path == "/people" else (200, {}, PEOPLE[:2])
    )
    assert len(read(given(service))[0]) == 2


def test_items_that_cannot_be_rows_are_refused_and_the_others_go_on(service: Service) -> None:
    body = b'[{"id": 1}, 7, {"id": 2, "name": {"last": "a\\u0000b"}}, {"id": 3, "x": "\\ud800"}, {"id": 4}]'
    service.answer = lambda path, query: (200, {}, body)
    (chunk,) = given(service).chunks(None, lambda: 10)
    assert [row.position for row in chunk.rows] == [1, 5]
    assert [(one.position, one.reason) for one in chunk.refusals] == [
        (2, "row.no_object"),
        (3, "row.bytes"),
        (4, "row.bytes"),
    ]


def test_bsn_is_taken_out_of_items(service: Service) -> None:
    service.answer = lambda path, query: (200, {}, [{"id": 1, "bsn": "123456782", "name": {"last": "Bos"}}])
    (chunk,) = given(service).chunks(None, lambda: 10)
    assert (chunk.rows[0].raw, chunk.bsn) == ({"id": 1, "name": {"last": "Bos"}}, {"bsn": 1})
