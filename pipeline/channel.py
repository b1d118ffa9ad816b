"""Tasks one way, answers the other; reading never waits for a message that has only begun.

A worker may be stopped or killed in the middle of a message. `multiprocessing.connection` would
wait for its rest without end, and the whole run with it.
"""

import pickle
import socket
import struct
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

_HEAD: Final = struct.Struct("<Q")
_CHUNK: Final = 1 << 20


def pair() -> tuple["Channel", socket.socket]:
    """Our end, and the plain socket that is theirs."""
    ours, theirs = socket.socketpair()
    return Channel(ours), theirs


class Channel:
    """The end of the run: whole messages only."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)  # noqa: FBT003  its only argument
        self._socket = end
        self._bytes = bytearray()
        self._messages: deque[Any] = deque()
        self.received = 0
        """Bytes that have come so far."""
        self.is_closed = False
        """Whether the other end is gone; messages may still be there."""

    def fileno(self) -> int:
        """The descriptor, to wait on."""
        return self._socket.fileno()

    def send(self, message: object) -> None:
        """Send a small message.

        Raises:
            OSError: The other end is gone, or takes no more.
        """
        self._socket.sendall(_framed(message))

    def next(self) -> Any | None:  # noqa: ANN401  whatever was sent
        """The next message that has come whole; None where there is none yet."""
        if not self._messages:
            self._draw()
        return self._messages.popleft() if self._messages else None

    def close(self) -> None:
        """Close our end."""
        self._socket.close()

    def _draw(self) -> None:
        try:
            while chunk := self._socket.recv(_CHUNK):
                self._bytes += chunk
                self.received += len(chunk)
                if len(chunk) < _CHUNK:
                    break
            else:
                self.is_closed = True
        except BlockingIOError:
            pass
        except OSError:
            self.is_closed = True
        self._messages.extend(self._whole())

    def _whole(self) -> Iterator[Any]:
        at = 0
        while len(self._bytes) - at >= _HEAD.size:
            (size,) = _HEAD.unpack_from(self._bytes, at)
            end = at + _HEAD.size + size
            if len(self._bytes) < end:
                break
            yield pickle.loads(self._bytes[at + _HEAD.size:end])  # noqa: S301  from our own fork
            at = end
        del self._bytes[:at]


def send(end: socket.socket, message: object) -> None:
    """Send a message from a worker, however long it is."""
    end.sendall(_framed(message))


def receive(end: socket.socket) -> Any:  # noqa: ANN401  whatever was sent
    """The next message in a worker; waits for it.

    Raises:
        EOFError: The run is gone.
    """
    (size,) = _HEAD.unpack(_exactly(end, _HEAD.size))
    return pickle.loads(_exactly(end, size))  # noqa: S301  from our own parent


def _framed(message: object) -> bytes:
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _HEAD.pack(len(body)) + body


def _exactly(end: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = end.recv(size - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)
