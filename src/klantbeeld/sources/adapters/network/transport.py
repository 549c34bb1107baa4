"""HTTP over connections to judged addresses; name and certificate stay those of the declared host."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from klantbeeld.kit.errors import Unavailable
from klantbeeld.sources.adapters.network.policy import resolve


class _Judged(httpcore.NetworkBackend):
    """Opens sockets to the address that was judged, not to the name."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore. Raises ForbiddenHost."""
        try:
            addresses = resolve(host, port)
        except Unavailable as error:
            raise httpcore.ConnectError(error.message) from error
        problem: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """A declaration cannot name one."""
        raise httpcore.ConnectError("sockets of this machine are not reached")

    def sleep(self, seconds: float) -> None:
        """See httpcore."""
        self._inner.sleep(seconds)


class CheckedTransport(httpx.BaseTransport):
    """A transport for httpx whose every connection goes to a judged address."""

    def __init__(self) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=4,
            keepalive_expiry=30.0,
            network_backend=_Judged(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx. Raises httpx.TransportError, ForbiddenHost."""
        inner = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,  # type: ignore[arg-type]
            extensions=request.extensions,
        )
        with _translated():
            answer = self._pool.handle_request(inner)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _translated:  # noqa: N801 - reads as a word of the language
    """Errors of httpcore as those of httpx."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, httpcore.TimeoutException):
            raise httpx.ReadTimeout(str(error) or type(error).__name__) from error
        if isinstance(error, httpcore.ProtocolError):
            raise httpx.RemoteProtocolError(str(error)) from error
        if isinstance(error, httpcore.NetworkError | httpcore.UnsupportedProtocol):
            raise httpx.ConnectError(str(error) or type(error).__name__) from error
