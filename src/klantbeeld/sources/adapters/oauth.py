"""Tokens by client credentials (RFC 6749 section 4.4), asked for when needed and renewed in time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.adapters.secrets import fill_variables, read_secret

EARLY = 30.0  # seconds before its end a token is renewed
LARGEST = 64 << 10  # bytes of an answer with a token


class Token:
    """The token of one run. Nothing of it is ever shown. Raises Invalid when the server gives none."""

    def __init__(self, declared: Mapping[str, Any], client: httpx.Client) -> None:
        self._declared = declared
        self._client = client
        self._url = fill_variables(declared["token_url"])
        self._value = ""
        self._until = 0.0
        self._renewed = False

    def value(self) -> str:
        """A token that is still good."""
        if not self._value or time.monotonic() >= self._until:
            self._ask()
        return self._value

    def renew(self) -> bool:
        """Forget the token that was refused; false when that was done before, so that a refusal is told."""
        if self._renewed:
            return False
        self._renewed, self._value = True, ""
        return True

    def _ask(self) -> None:
        declared = self._declared
        client_id, secret = fill_variables(declared["client_id"]), read_secret(declared["client_secret"])
        form = {"grant_type": "client_credentials"}
        form |= {key: declared[key] for key in ("scope", "audience") if key in declared}
        auth = None
        if declared.get("send", "basic") == "basic":
            # Section 2.3.1: both are written as a form would, before they are joined.
            auth = httpx.BasicAuth(quote(client_id, safe=""), quote(secret, safe=""))
        else:
            form |= {"client_id": client_id, "client_secret": secret}
        request = self._client.build_request("POST", self._url, data=form)
        request.headers.pop("Authorization", None)
        answer = self._client.send(request, auth=auth, stream=True)
        try:
            found = self._read(answer)
        finally:
            answer.close()
        self._value = str(found["access_token"])
        seconds = found.get("expires_in", 300)
        lasts = float(seconds) if isinstance(seconds, int | float | str) and str(seconds).isdigit() else 300.0
        self._until = time.monotonic() + max(lasts - EARLY, 0.0)

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        body = bytearray()
        for block in answer.iter_bytes():
            body += block
            if len(body) > LARGEST:
                raise self._refused("an answer that is no token")
        if answer.status_code != 200:
            raise self._refused(f"status {answer.status_code}")
        try:
            found = httpx.Response(200, content=bytes(body)).json()
        except ValueError as error:
            raise self._refused("an answer that is not JSON") from error
        kind = str(found.get("token_type", "bearer")).lower() if isinstance(found, dict) else ""
        if kind != "bearer" or not found.get("access_token"):
            raise self._refused("no bearer token")
        return dict(found)

    def _refused(self, what: str) -> Invalid:
        host = httpx.URL(self._url).host
        return Invalid(
            f"{host} gives {what} for the declared client; see client_id, client_secret and scope.",
            code="sources.token",
        )
