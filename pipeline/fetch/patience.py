"""How long a source may take: all tries together, by the speed at which bytes arrive."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ssl import SSLContext
from time import monotonic
from typing import Any

import httpcore


class GaveUpError(Exception):
    """A server that says nothing or too little for too long: no further try is made."""


@dataclass(frozen=True)
class Pace:
    """What is asked of a server.

    Attributes:
        patience: seconds without an honest speed after which a source is given up, all tries and waits together.
        least_speed: bytes a second that count as an honest speed.
        window: seconds over which the speed is measured.
    """

    patience: float = 120.0
    least_speed: float = 10_000.0
    window: float = 10.0


class Patience:
    """The time left for one source.

    A line that is slow but honest may take as long as it needs for the bytes that a source may have; a server that
    drips, or says nothing, is given up when it has done so for ``patience`` seconds, however often it was tried.
    """

    def __init__(self, pace: Pace, most_bytes: int) -> None:
        self._pace = pace
        self._began = self._slow_since = self._window_began = monotonic()
        self._in_window = self._received = 0
        self._end = self._began + pace.patience + most_bytes / pace.least_speed

    def received(self, count: int) -> None:
        """Count bytes that arrived."""
        now = monotonic()
        self._received += count
        self._in_window += count
        elapsed = now - self._window_began
        if elapsed >= self._pace.window:
            if self._in_window >= self._pace.least_speed * elapsed:
                self._slow_since = now
            self._window_began, self._in_window = now, 0

    def left(self) -> float:
        """Seconds until it is given up; negative when that time has come."""
        return min(self._slow_since + self._pace.patience, self._end) - monotonic()

    def bounded(self, timeout: float | None) -> float:
        """``timeout``, or the time that is left where that is less."""
        left = max(self.left(), 0.001)
        return left if timeout is None else min(timeout, left)

    def check(self) -> None:
        """Nothing, while there is time left.

        Raises:
            GaveUpError: there is none.
        """
        if self.left() <= 0:
            seconds = monotonic() - self._began
            raise GaveUpError(
                f"given up after {seconds:,.0f} s, in which {self._received:,} bytes arrived: "
                f"fewer than {self._pace.least_speed:,.0f} a second for too long"
            )


class PatientBackend(httpcore.NetworkBackend):
    """Connections of which every single step ends when the patience does.

    A timeout of httpx is one of a step, and begins again with each byte: it does not end headers that drip.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to a server."""
        fault: Exception = httpcore.ConnectError(f"{host}: no address is known for it")
        for address in _addresses(host, port):
            # One by one: a firewall that says nothing would otherwise use up a timeout for each address of a server.
            self._patience.check()
            try:
                stream = self._backend.connect_tcp(
                    address, port, self._patience.bounded(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
            else:
                return _PatientStream(stream, self._patience)
        raise fault


def _addresses(host: str, port: int) -> list[str]:
    """The numeric addresses of a server, in the order in which they are to be tried."""
    try:
        known_as = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host}: {getattr(error, 'strerror', None) or error}") from error
    return list(dict.fromkeys(str(each[4][0]) for each in known_as))


class _PatientStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, patience: Patience) -> None:
        self._stream = stream
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._patience.check()
        try:
            content = self._stream.read(max_bytes, self._patience.bounded(timeout))
        except httpcore.ReadTimeout:
            self._patience.check()
            raise
        self._patience.received(len(content))
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._patience.check()
        self._stream.write(buffer, self._patience.bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._patience.check()
        stream = self._stream.start_tls(ssl_context, server_hostname, self._patience.bounded(timeout))
        return _PatientStream(stream, self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
