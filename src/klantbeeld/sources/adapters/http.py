"""Fetching pages from the one host that a declaration names: bounded, patient, and nowhere else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from klantbeeld.kit.errors import Invalid, Unavailable
from klantbeeld.sources.adapters.network import CheckedTransport
from klantbeeld.sources.adapters.oauth import Token
from klantbeeld.sources.adapters.secrets import read_secret

REDIRECTS = 3
LONGEST_WAIT = 120.0  # seconds that a service may ask us to wait
LONGEST_ANSWER = 600.0  # seconds for one answer, however slowly it drips
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Fetcher:
    """Gets JSON from one host, at an address that may be reached (see network.policy).

    Timeouts, server errors and 429 are tried again, after Retry-After or with growing pauses. Redirects are followed on
    the same host only. An answer larger than `max_bytes` is refused while it comes in.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, Any],
        timeout: float,
        retries: int,
        max_bytes: int,
        oauth: Mapping[str, Any] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = httpx.URL(url)
        self._retries = retries
        self._max_bytes = max_bytes
        self._wait = wait
        self.received = 0  # bytes of all answers
        self._client = httpx.Client(
            headers={"Accept": "application/json", "User-Agent": "klantbeeld", **_headers(headers)},
            timeout=httpx.Timeout(timeout),
            follow_redirects=False,
            trust_env=False,
            transport=CheckedTransport(),
        )
        self._token = Token(oauth, self._client) if oauth else None

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, url: str, parameters: Mapping[str, Any]) -> tuple[Any, httpx.Headers]:
        """The JSON at an address and the answer's headers.

        Raises Invalid (refused, not JSON, too large, another host) and Unavailable (no answer after all tries).
        """
        pause = 0.5
        reason = ""
        for attempt in range(self._retries + 1):
            try:
                status, headers, body = self._once(url, parameters)
            except (httpx.TransportError, httpx.StreamError) as error:
                status, headers, body, reason = 0, httpx.Headers(), b"", f"{type(error).__name__}: {error}"
            if status and status not in AGAIN:
                return self._read(status, body), headers
            reason = reason if not status else f"answer {status}"
            if attempt < self._retries:
                self._wait(_retry_after(headers) if _retry_after(headers) is not None else pause)  # type: ignore[arg-type]
                pause = min(pause * 2, 30.0)
        raise Unavailable(
            f"{self._base.host} gave no answer after {self._retries + 1} tries ({reason}).", code="sources.unavailable"
        )

    def check_host(self, url: httpx.URL) -> None:
        """Raise Invalid unless an address is on the declared host, by the declared scheme or a safer one."""
        same = (url.host, url.port or _port(url)) == (self._base.host, self._base.port or _port(self._base))
        safer = url.scheme == self._base.scheme or url.scheme == "https"
        if not same or not safer or url.scheme not in ("http", "https") or url.userinfo:
            raise Invalid(
                f"{self._base.host} points to {url.scheme}://{url.host}, which its declaration does not name.",
                code="sources.other_host",
            )

    def join(self, link: str) -> str:
        """A link from an answer as an address on the declared host."""
        url = self._base.join(link)
        self.check_host(url)
        return str(url)

    def _once(self, url: str, parameters: Mapping[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        target = httpx.URL(url)
        if parameters:
            target = target.copy_merge_params(dict(parameters))
        for _ in range(REDIRECTS + 1):
            self.check_host(target)
            headers = {"Authorization": f"Bearer {self._token.value()}"} if self._token else {}
            with self._client.stream("GET", target, headers=headers) as answer:
                if answer.status_code == 401 and self._token and self._token.renew():
                    continue  # it ended before its time: ask once for another
                if not answer.is_redirect:
                    return answer.status_code, answer.headers, self._body(answer)
                target = answer.url.join(answer.headers.get("location", ""))
        raise Invalid(f"{self._base.host} redirects more than {REDIRECTS} times.", code="sources.redirects")

    def _body(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        until = time.monotonic() + LONGEST_ANSWER
        for block in answer.iter_bytes():
            body += block
            if time.monotonic() > until:
                raise httpx.ReadTimeout(f"no whole answer within {LONGEST_ANSWER:.0f} seconds")
            if len(body) > self._max_bytes:
                raise Invalid(
                    f"An answer of {self._base.host} is larger than {self._max_bytes} bytes; ask for smaller pages.",
                    code="sources.too_large",
                )
        self.received += len(body)
        return bytes(body)

    def _read(self, status: int, body: bytes) -> Any:
        if status != 200:
            raise Invalid(
                f"{self._base.host} answers {status}; see the declared url and secret.", code="sources.status"
            )
        try:
            return json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Invalid(f"The answer of {self._base.host} is not JSON: {error}.", code="sources.not_json") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _headers(declared: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else value.get("prefix", "") + read_secret(value["secret"])
        for name, value in declared.items()
    }


def _port(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that the service asks for (RFC 9110 section 10.2.3): a number or a date."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)
