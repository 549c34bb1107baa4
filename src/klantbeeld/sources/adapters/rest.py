"""A paginated REST service as an input; it goes on at the page that was not committed whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.labels import Label
from klantbeeld.sources.adapters.http import Fetcher
from klantbeeld.sources.adapters.secrets import fill_variables
from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.ports import Chunk, Cursor
from klantbeeld.sources.rules.bsn import mask_unplaced
from klantbeeld.sources.rules.mapping import Mapper, Row
from klantbeeld.sources.rules.trees import TreeGuard, at_path, cells_of, leaves, lists_of

CHUNK_BYTES = 16 << 20  # of answers in a chunk, however few their items
Place = dict[str, Any]
"""Which page: {"cursor": ...}, {"page": 3}, {"offset": 200} or {"url": ...}; empty for the first."""


@dataclass(frozen=True, slots=True)
class _Page:
    """One answer: where it was, its items, and where the next one is (None: this was the last)."""

    items: list[Any]
    next: Place | None


class RestInput:
    """A service of a feed whose form is rest. Raises Invalid when the declaration's secrets or variables are absent."""

    sha256 = None
    columns = None

    def __init__(
        self,
        feed: Feed,
        catalogue: Catalogue | None = None,
        *,
        since: datetime | None = None,
        last: Cursor | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._feed = feed
        self._form = feed.form
        self._url = fill_variables(self._form["url"])
        self._since = since
        since_cursor = self._form.get("since_cursor", {})
        self._of = since_cursor.get("item", since_cursor.get("answer", ""))
        # From where to ask, then the highest that was met; of another field it would mean nothing.
        self._high = last.get("high") if last and last.get("of") == self._of else None
        self._from = self._high
        self._wait = wait
        self._guard = TreeGuard(feed.not_bsn)
        self.mapper = Mapper(feed, None, catalogue)
        self.name = str(httpx.URL(self._url).copy_with(query=None, userinfo=b""))[:300]

    def chunks(self, after: Cursor | None, size: Callable[[], int]) -> Iterator[Chunk]:
        """See `ports.Input`. The cursor is the first page that is not settled, and how many items came before it."""
        place: Place | None = dict((after or {}).get("page", {}))
        done = int((after or {}).get("items", 0))
        if (after or {}).get("end"):
            return
        if after:
            self._from, self._high = after.get("from"), after.get("high")
        with self._fetcher() as fetcher:
            while place is not None:
                items: list[Any] = []
                wanted, enough = size(), fetcher.received + CHUNK_BYTES
                while place is not None and len(items) < wanted and fetcher.received < enough:
                    page = self._page(fetcher, place)
                    items += page.items
                    place = page.next
                if place is None and not items:
                    return
                yield self._chunk(items, done, place)
                done += len(items)

    def _chunk(self, items: list[Any], done: int, place: Place | None) -> Chunk:
        rows: list[Row] = []
        refusals: list[Refusal] = []
        good: list[tuple[int, Any]] = []
        for number, item in enumerate(items, start=done + 1):
            if isinstance(item, dict):
                good.append((number, item))
            else:
                refusals.append(_no_object(number, item))
        self._guard.inspect(item for _, item in good)
        empty = self._feed.reading.empty
        for number, item in good:
            tree = self._guard.strip(item)
            if bad := _unkeepable(tree):
                refusals.append(
                    Refusal(number, "row.bytes", Label(nl="bevat tekens die geen tekst zijn", en=bad), whole=True)
                )
                continue
            cells = cells_of(tree, self.mapper.columns, empty)
            rows.append(Row(number, cells, tree, lists_of(tree, self.mapper.lists, empty)))
        cursor: Cursor = {"page": place, "items": done + len(items)} if place is not None else {"end": True}
        if "since_cursor" in self._form:
            cursor |= {"of": self._of, "from": self._from, "high": self._high}
        return Chunk(rows, refusals, len(items), cursor, None if place is not None else 1.0, self._guard.take_counts())

    def _fetcher(self) -> Fetcher:
        return Fetcher(
            self._url,
            headers=self._form.get("headers", {}),
            timeout=self._form.get("timeout_seconds", 30),
            retries=self._form.get("retries", 5),
            max_bytes=self._form.get("max_page_bytes", 32 << 20),
            oauth=self._form.get("oauth"),
            wait=self._wait,
        )

    def _page(self, fetcher: Fetcher, place: Place) -> _Page:
        way = self._form["pagination"]
        url, parameters = self._address(way, place)
        answer, headers = fetcher.get(url, parameters)
        path = self._form.get("records_at", "")
        items = at_path(answer, path) if path else answer
        if not isinstance(items, list):
            where = f"at '{path}'" if path else "as a whole"
            raise Invalid(f"The answer of {self.name} is no list {where}.", code="sources.no_list")
        self._note(answer, items)
        return _Page(items, self._next(fetcher, way, place, answer, headers, len(items)))

    def _note(self, answer: Any, items: list[Any]) -> None:
        """Remember where the next import begins."""
        since = self._form.get("since_cursor")
        if since is None:
            return
        if "answer" in since:
            token = at_path(answer, since["answer"])
            if isinstance(token, str | int) and token != "":
                self._high = token
            return
        for item in items:
            self._high = highest(self._high, at_path(item, since["item"]))

    def _address(self, way: dict[str, Any], place: Place) -> tuple[str, dict[str, Any]]:
        if "url" in place:
            return place["url"], {}
        parameters = dict(self._form.get("parameters", {}))
        since = self._form.get("updated_since")
        if since and self._since is not None:
            moment = self._since - timedelta(minutes=since.get("overlap_minutes", 5))
            parameters[since["parameter"]] = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if "since_cursor" in self._form and self._from is not None:
            parameters[self._form["since_cursor"]["parameter"]] = self._from
        if "size_parameter" in way and "size" in way:
            parameters[way["size_parameter"]] = way["size"]
        if way["type"] == "page":
            parameters[way["parameter"]] = place.get("page", way.get("first", 1))
        elif way["type"] == "offset":
            parameters[way["parameter"]] = place.get("offset", 0)
        elif "cursor" in place:
            parameters[way["parameter"]] = place["cursor"]
        return self._url, parameters

    def _next(
        self, fetcher: Fetcher, way: dict[str, Any], place: Place, answer: Any, headers: httpx.Headers, count: int
    ) -> Place | None:
        match way["type"]:
            case "cursor":
                cursor = at_path(answer, way["next_at"])
                if cursor in (None, "", False):
                    return None
                return self._new(place, {"cursor": cursor})
            case "page":
                # The end is an empty page, or one that is shorter than was asked for.
                if not count or count < way.get("size", 0):
                    return None
                return {"page": int(place.get("page", way.get("first", 1))) + 1}
            case "offset":
                offset = int(place.get("offset", 0)) + count
                total = at_path(answer, way["total_at"]) if "total_at" in way else None
                ended = offset >= total if isinstance(total, int) else count < way["size"]
                return None if ended or not count else {"offset": offset}
            case "next":
                following = at_path(answer, way["next_at"])
                return self._new(place, {"url": fetcher.join(str(following))}) if following else None
            case "link":
                link = httpx.Response(200, headers=headers).links.get("next", {}).get("url")
                return self._new(place, {"url": fetcher.join(link)}) if link else None
            case _:
                return None

    def _new(self, place: Place, following: Place) -> Place:
        if following == place:
            raise Invalid(f"{self.name} gives the same page as the next one, without end.", code="sources.loop")
        return following


def highest(known: Any, value: Any) -> Any:
    """The higher of two places in what grows: numbers as numbers, texts as texts; anything else does not count."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return known
    if known is None or isinstance(known, str) != isinstance(value, str):
        return value
    return max(known, value)


def _no_object(number: int, item: Any) -> Refusal:
    message = Label(nl="geen object met velden", en="not an object with fields")
    return Refusal(number, "row.no_object", message, value=mask_unplaced(str(item)[:200]), whole=True)


def _unkeepable(tree: Any) -> str:
    """What of a tree cannot be kept as text: NUL or lone surrogates; empty when all is well."""
    for _, value in leaves(tree):
        if not isinstance(value, str):
            continue
        if "\0" in value:
            return "holds a NUL character"
        if not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                return "holds half of a surrogate pair"
    return ""
