"""What a service asks before it answers: tokens, and where the last import ended."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.adapters.rest import RestInput
from klantbeeld.sources.declaration import Feed, Reading

PERSON: dict[str, Any] = {"kind": "person", "external_id": "id", "attributes": {"family_name": "name"}}
SECRET = "s3cret:/&é"


class Guarded:
    """A service that wants a token, which it gives for the right secret and takes back when a test says so."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.good: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.lasts: Any = 3600
        self.rows = [{"id": n, "name": f"N{n}", "rev": n * 10} for n in range(1, 6)]
        guarded = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                given = self.headers.get("Authorization", "")
                if given:
                    client, secret = map(unquote, b64decode(given.removeprefix("Basic ")).decode().split(":"))
                else:
                    client, secret = body["client_id"][0], body["client_secret"][0]
                if (client, secret, body["grant_type"]) != ("kb", SECRET, ["client_credentials"]):
                    return self.answer(401, {"error": "invalid_client"})
                token = f"t{len(guarded.tokens)}"
                guarded.tokens.append(" ".join(body.get("scope", ["-"])))
                guarded.good.add(token)
                return self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": guarded.lasts})

            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                guarded.asked.append(query)
                if self.headers.get("Authorization", "").removeprefix("Bearer ") not in guarded.good:
                    return self.answer(401, {})
                since = int(query.get("since", 0))
                rows = [row for row in guarded.rows if row["rev"] > since]
                return self.answer(200, {"items": rows, "sync": f"token-{len(guarded.asked)}"})

            def answer(self, status: int, body: Any) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Guarded]:
    monkeypatch.setenv("KLANTBEELD_SOURCE_SECRET", SECRET)
    running = Guarded()
    yield running
    running.server.shutdown()
    running.server.server_close()
    running.thread.join()


def service(guarded: Guarded, last: Any = None, oauth: dict[str, Any] | None = None, **form: Any) -> RestInput:
    token = {
        "token_url": f"{guarded.url}/token", "client_id": "kb", "client_secret": "env:KLANTBEELD_SOURCE_SECRET",
        "scope": "read", **(oauth or {}),
    }  # fmt: skip
    declared = {"type": "rest", "url": f"{guarded.url}/p", "pagination": {"type": "none"}, "retries": 0,
                "records_at": "items", "oauth": token, **form}  # fmt: skip
    return RestInput(Feed("people", declared, Reading(), (PERSON,)), last=last)


def ids(given: RestInput) -> tuple[list[Any], Any]:
    chunks = list(given.chunks(None, lambda: 100))
    return [row.raw["id"] for chunk in chunks for row in chunk.rows], chunks[-1].cursor if chunks else None


@pytest.mark.parametrize("send", ["basic", "body"])
def test_token_is_asked_once_with_secret_and_scope(guarded: Guarded, send: str) -> None:
    assert ids(service(guarded, oauth={"send": send}))[0] == [1, 2, 3, 4, 5]
    assert guarded.tokens == ["read"]


def test_token_that_ends_soon_is_asked_again(guarded: Guarded) -> None:
    guarded.lasts = 1
    given = service(guarded)
    with given._fetcher() as fetcher:
        for _ in range(3):
            fetcher.get(f"{guarded.url}/p", {})
    assert len(guarded.tokens) == 3


def test_token_that_was_taken_back_is_renewed_once(guarded: Guarded) -> None:
    given = service(guarded)
    with given._fetcher() as fetcher:
        fetcher.get(f"{guarded.url}/p", {})
        guarded.good.clear()
        fetcher.get(f"{guarded.url}/p", {})
        guarded.good.clear()
        with pytest.raises(Invalid, match="answers 401"):
            fetcher.get(f"{guarded.url}/p", {})
    assert len(guarded.tokens) == 2


def test_wrong_secret_is_told_without_showing_it(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLANTBEELD_SOURCE_SECRET", "wrong-one")
    with pytest.raises(Invalid, match="gives status 401 for the declared client") as error:
        ids(service(guarded))
    assert "wrong-one" not in str(error.value)


def test_only_what_is_new_is_asked_by_the_highest_value_of_an_item(guarded: Guarded) -> None:
    since = {"parameter": "since", "item": "rev"}
    found, cursor = ids(service(guarded, since_cursor=since))
    assert (found, cursor) == ([1, 2, 3, 4, 5], {"end": True, "of": "rev", "from": None, "high": 50})
    guarded.rows.append({"id": 6, "name": "N6", "rev": 60})
    found, cursor = ids(service(guarded, last=cursor, since_cursor=since))
    assert (found, cursor) == ([6], {"end": True, "of": "rev", "from": 50, "high": 60})
    assert guarded.asked[-1] == {"since": "50"}
    assert ids(service(guarded, last=cursor, since_cursor=since)) == ([], None)


def test_only_what_is_new_is_asked_by_the_token_of_the_last_answer(guarded: Guarded) -> None:
    since = {"parameter": "token", "answer": "sync"}
    _, cursor = ids(service(guarded, since_cursor=since))
    assert cursor["high"] == "token-1"
    ids(service(guarded, last=cursor, since_cursor=since))
    assert guarded.asked[-1] == {"token": "token-1"}
