"""The HTTP side of the demo's services, on the standard library's threading server; for loopback only."""

from __future__ import annotations

import json
import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np

from klantbeeld.demo.service.changes import CHANGING
from klantbeeld.demo.service.store import BadCursor, Page, Shelf
from klantbeeld.demo.systems import build_system
from klantbeeld.demo.world import World

KEY_HEADER = "X-Api-Key"
LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Api:
    """How one system answers: its way of paging (cursor, page, link) and how it writes what it does not know."""

    paging: str
    missing: str


APIS: Mapping[str, Api] = {
    "shop": Api("cursor", "null"),
    "crm": Api("page", "empty"),
    "partner": Api("link", "omitted"),
}


class Problem(Exception):  # noqa: N818
    """An answer that is an error (RFC 9457)."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: what becomes JSON, and headers."""

    body: Any
    headers: Mapping[str, str]


class DemoServer:
    """The services of a world at one address; start, read `url`, stop. `faults` is the share of answers that fail.

    A failing answer is in turn 429 with Retry-After and 500; which requests fail depends on their number only.
    """

    def __init__(
        self, world: World, *, host: str = "127.0.0.1", port: int = 0, key: str = "", faults: float = 0.0,
        now: Callable[[], int] | None = None,
    ) -> None:  # fmt: skip
        """Bind the address (port 0: any free one); OSError when it is taken. Without `key` one is made."""
        self.key = key or secrets.token_urlsafe(24)
        clock = now or (lambda: int(time.time()))
        self.shelves = {
            (code, feed.name): Shelf(world, feed, clock, api.missing)
            for code, api in APIS.items()
            for feed in build_system(world, code).feeds
        }
        self._dice, self._faults = world.dice.within("faults"), faults
        self._requests, self._failed = 0, 0
        self._lock = threading.Lock()
        self._http = _Http((host, port), _handler(self))
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Give host and port: 127.0.0.1:8123."""
        host, port = self._http.server_address[:2]
        return f"{host!s}:{port}"

    @property
    def url(self) -> str:
        """Give the address with its scheme."""
        return f"http://{self.address}"

    def start(self) -> DemoServer:
        """Answer in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="demo-service", daemon=True)
        self._thread.start()
        return self

    def run(self) -> None:
        """Answer until stopped, in this thread."""
        self._http.serve_forever(poll_interval=0.1)

    def serve(self, changes_per_minute: float = 0.0) -> None:
        """Answer in this thread until interrupted, records changing meanwhile."""
        stopped = threading.Event()
        if changes_per_minute:
            threading.Thread(target=self._keep_changing, args=(changes_per_minute, stopped), daemon=True).start()
        try:
            self.run()
        except KeyboardInterrupt:
            stopped.set()
        finally:
            self._http.server_close()

    def _keep_changing(self, per_minute: float, stopped: threading.Event) -> None:
        shelves = [self.shelves[feed] for feed in CHANGING]
        number = 0
        while not stopped.wait(60 / per_minute):
            shelves[number % len(shelves)].change(1)
            number += 1

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._http.shutdown()
        if self._thread:
            self._thread.join()
        self._http.server_close()

    def __enter__(self) -> DemoServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request (names of headers in lower case); Problem when it cannot be."""
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        path = parts.path.strip("/").split("/")
        if path == ["healthz"]:
            return Answer({"status": "ok"}, {})
        if not secrets.compare_digest(headers.get(KEY_HEADER.lower(), "").encode(), self.key.encode()):
            raise Problem(401, f"The header {KEY_HEADER} must hold the key of this service.")
        if path == [""]:
            return Answer({"endpoints": [f"/{code}/v1/{feed}" for code, feed in self.shelves]}, {})
        if path == ["_demo", "changes"]:
            if method != "POST":
                raise Problem(405, "Changes are asked with POST.", {"Allow": "POST"})
            return self._changes(body)
        if method != "GET":
            raise Problem(405, "This service is read with GET.", {"Allow": "GET"})
        self._fail_now_and_then()
        shelf = self.shelves.get((path[0], path[2])) if len(path) == 3 and path[1] == "v1" else None
        if shelf is None:
            raise Problem(404, f"There is no {parts.path} here; / lists what there is.")
        return _paged(shelf, APIS[path[0]].paging, parts.path, query, self.url)

    def _fail_now_and_then(self) -> None:
        with self._lock:
            self._requests += 1
            number = np.asarray([self._requests], dtype=np.int64)
            if not self._faults or not bool(self._dice.chance("fault", number, self._faults)[0]):
                return
            self._failed += 1
            limited = self._failed % 2 == 1
        if limited:
            raise Problem(429, "Too many requests; wait a second.", {"Retry-After": "1"})
        raise Problem(500, "Something went wrong on our side.")

    def _changes(self, body: bytes) -> Answer:
        try:
            asked = json.loads(body or b"{}")
            shelf = self.shelves[asked["system"], asked["feed"]]
            count = int(asked.get("count", 1))
            if not 1 <= count <= 10_000:
                raise ValueError("count must be 1 to 10000.")
            return Answer({"changed": shelf.change(count)}, {})
        except (KeyError, TypeError, ValueError) as error:
            raise Problem(400, f'Send {{"system": "shop", "feed": "customers", "count": 10}}: {error}') from error


def _paged(shelf: Shelf, paging: str, path: str, query: Mapping[str, str], url: str) -> Answer:
    since = _moment(query["updated_since"]) if query.get("updated_since") else None
    if paging == "page":
        size = _whole(query, "per_page", 100, LARGEST_PAGE)
        number = _whole(query, "page", 1, 10**9)
        found = shelf.by_page(number, size, since)
        pages = math.ceil(found.total / size)
        return Answer({"items": found.rows, "page": number, "pages": pages, "total": found.total}, {})
    size = _whole(query, "limit", 100, LARGEST_PAGE)
    try:
        found = shelf.by_cursor(query.get("cursor", ""), size, since)
    except BadCursor as error:
        raise Problem(400, str(error)) from error
    if paging == "link":
        return Answer(found.rows, _link(found, path, query, url))
    return Answer({"data": found.rows, "nextCursor": found.next_cursor or None}, {})


def _link(found: Page, path: str, query: Mapping[str, str], url: str) -> dict[str, str]:
    """Give the Link header to the next page (RFC 8288)."""
    if not found.next_cursor:
        return {}
    following = urlencode({**query, "cursor": found.next_cursor})
    return {"Link": f'<{url}{path}?{following}>; rel="next"'}


def _whole(query: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= largest):
        raise Problem(400, f"{name} must be a whole number from 1 to {largest}, not {text!r}.")
    return int(text)


def _moment(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Problem(400, f"updated_since must be a moment such as 2026-10-01T12:00:00Z, not {text!r}.") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def _handler(server: DemoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Header and body leave in two writes: without this each answer waits for an acknowledgement (40 ms).
        disable_nagle_algorithm = True
        timeout = 60

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                found = server.answer(
                    method, self.path, {name.lower(): value for name, value in self.headers.items()}, body
                )
            except Problem as problem:
                content = {"title": problem.detail, "status": problem.status}
                self._send(problem.status, content, "application/problem+json", problem.headers)
            else:
                self._send(200, found.body, "application/json", found.headers)

        def _send(self, status: int, content: Any, kind: str, headers: Mapping[str, str]) -> None:
            data = json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent: paths and parameters are nobody's business, also in a demo."""

    return Handler
