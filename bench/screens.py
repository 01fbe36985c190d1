"""Many screens without a browser: raw clients on sockets, in one thread of the bench's own process."""

import json
import re
import selectors
import socket
import threading
import time
from collections.abc import Callable

EVENT = re.compile(rb"id: (\d+)\nevent: tiles")
STEP_SECONDS = 0.5


class Screens:
    """``number`` open event streams. ``seen`` holds the arrival (seconds since 1970) of each revision, once a screen."""

    def __init__(self, address: tuple[str, int], path: str, cookie: str, number: int) -> None:
        self.seen: dict[int, list[float]] = {}
        self.open = 0
        self._selector = selectors.DefaultSelector()
        self._stopping = threading.Event()
        head = f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n".encode()
        for _ in range(number):
            connection = socket.create_connection(address)
            connection.sendall(head)
            self._selector.register(connection, selectors.EVENT_READ, [0])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(STEP_SECONDS):
                part = key.fileobj.recv(65536)
                at = time.time()
                if not part:
                    self._selector.unregister(key.fileobj)
                    self.open -= 1
                self.open += part.startswith(b"HTTP/1.1 200")
                for revision in map(int, EVENT.findall(part)):
                    if revision > key.data[0]:
                        key.data[0] = revision
                        self.seen.setdefault(revision, []).append(at)

    def close(self) -> None:
        """Hang up everywhere."""
        self._stopping.set()
        self._thread.join()
        for key in tuple(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()


class Pollers:
    """``number`` pages that ask every second, each at its own moment: what a page with an Interval does."""

    def __init__(self, address: tuple[str, int], body: dict, number: int) -> None:
        self.answered = 0
        content = json.dumps(body).encode()
        self._request = (
            b"POST /_dash-update-component HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(content)
        ) + content
        self._connections = [socket.create_connection(address) for _ in range(number)]
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(connection, number_of / number), daemon=True)
            for number_of, connection in enumerate(self._connections)
        ]
        for thread in self._threads:
            thread.start()

    def _ask(self, connection: socket.socket, offset: float) -> None:
        due = time.monotonic() + offset
        while not self._stopping.wait(max(due - time.monotonic(), 0)):
            connection.sendall(self._request)
            read_answer(connection.recv)
            self.answered += 1
            due = max(due + 1, time.monotonic())

    def close(self) -> None:
        """Stop asking."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        for connection in self._connections:
            connection.close()


def read_answer(receive: Callable[[int], bytes]) -> None:
    """Read one answer with a Content-Length to its end."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += receive(65536)
    head, _, rest = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.decode())
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    while len(rest) < length:
        rest += receive(65536)
