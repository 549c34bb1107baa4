"""The ASGI process of server-sent events (WHATWG HTML, section 9.2): no ORM, one database connection, many listeners.

`web` decides who may watch which customer and signs a ticket of 30 seconds; this process only checks the signature.
Events carry the id and version of what changed; the page fetches the fragment itself, through the door.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.core import signing

from klantbeeld import __version__
from klantbeeld.config import settings
from klantbeeld.config.databases import conninfo_of

CHANNEL = "klantbeeld_live"
TICKET_SALT = "klantbeeld.live"
TICKET_SECONDS = 30
_HEARTBEAT_SECONDS = 15.0
# A reader that falls this far behind is cut off; its browser connects again and fetches the page's present state.
_QUEUE = 100

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = logging.getLogger(__name__)


def issue_ticket(*, actor: str, purpose: str, topics: list[str]) -> str:
    """A signed ticket for `topics` (such as "customer:<uuid>"); called by `web` after the door said yes."""
    ticket = {"actor": actor, "purpose": purpose, "topics": topics}
    return signing.dumps(ticket, key=settings.SECRET_KEY, salt=TICKET_SALT)


def read_ticket(text: str) -> dict[str, Any]:
    """What a ticket says; raises django.core.signing.BadSignature when it is forged or older than 30 seconds."""
    ticket: dict[str, Any] = signing.loads(text, key=settings.SECRET_KEY, salt=TICKET_SALT, max_age=TICKET_SECONDS)
    return ticket


class Switchboard:
    """Hands what the database notifies to whoever watches its topic."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)

    @property
    def topics(self) -> int:
        """How many topics are watched."""
        return len(self._queues)

    def deliver(self, payload: str) -> None:
        """Pass on one notification: a JSON object with `topic`."""
        topic = json.loads(payload)["topic"]
        for queue in list(self._queues.get(topic, ())):
            if queue.qsize() >= _QUEUE:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)
                self._forget(queue)
            else:
                queue.put_nowait(payload)

    def end_all(self) -> None:
        """End every stream: notifications may have been missed, so the pages must read afresh."""
        for queue in {queue for queues in self._queues.values() for queue in queues}:
            queue.put_nowait(None)

    @contextlib.contextmanager
    def watching(self, topics: list[str]) -> Any:
        """A queue with what arrives on `topics`; None in it means: end."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        for topic in topics:
            self._queues[topic].add(queue)
        try:
            yield queue
        finally:
            self._forget(queue)

    def _forget(self, queue: asyncio.Queue[str | None]) -> None:
        for topic in [topic for topic, queues in self._queues.items() if queue in queues]:
            self._queues[topic].discard(queue)
            if not self._queues[topic]:
                del self._queues[topic]


class Live:
    """The ASGI application (ASGI 3.0: http and lifespan)."""

    def __init__(self) -> None:
        self.switchboard = Switchboard()
        self.is_listening = False
        self._listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/healthz":
            body = {"status": "ok", "version": __version__, "listening": self.is_listening}
            await _answer(send, 200, json.dumps(body), "application/json")
        elif scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/events":
            await self._events(scope, receive, send)
        elif scope["type"] == "http":
            await _answer(send, 404, "Not found", "text/plain")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._listener = asyncio.create_task(self._listen())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._listener is not None:
                    self._listener.cancel()
                self.switchboard.end_all()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _listen(self) -> None:
        """Pass on notifications for ever; a lost connection is made again."""
        pause = 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(conninfo_of(settings), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.is_listening, pause = True, 0.5
                    async for notification in connection.notifies():
                        self.switchboard.deliver(notification.payload)
            except psycopg.Error as error:
                log.warning("the database is away (%s); listening again in %g s", type(error).__name__, pause)
            finally:
                self.is_listening = False
            self.switchboard.end_all()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("ascii", errors="replace"))
        try:
            ticket = read_ticket(query.get("ticket", [""])[0])
        except signing.BadSignature:
            await _answer(send, 403, "The ticket is forged or too old; load the page again.", "text/plain")
            return
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.create_task(_until_gone(receive))
        try:
            async for chunk in self._stream(ticket["topics"], gone):
                await send({"type": "http.response.body", "body": chunk.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    async def _stream(self, topics: list[str], gone: asyncio.Task[None]) -> AsyncIterator[str]:
        with self.switchboard.watching(topics) as queue:
            yield "retry: 2000\n: welcome\n\n"
            waiting = asyncio.create_task(queue.get())
            try:
                while not gone.done():
                    await asyncio.wait({waiting, gone}, timeout=_HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                    if not waiting.done():
                        # Tells proxies, and ourselves, that the other side is still there.
                        yield ": still here\n\n"
                        continue
                    payload = waiting.result()
                    if payload is None:
                        return
                    yield f"event: changed\ndata: {payload}\n\n"
                    waiting = asyncio.create_task(queue.get())
            finally:
                waiting.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _answer(send: Send, status: int, text: str, kind: str) -> None:
    headers = [(b"content-type", f"{kind}; charset=utf-8".encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


application = Live()
