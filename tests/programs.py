"""The program in a process of its own, for tests that look at it from outside: a browser, a monitor."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import httpx

from tests.rows import AUDIT_KEY

LIVE = (sys.executable, "-m", "tests.live_server")
"""With its live hub and without pollers: nothing is collected, a test decides what changes."""
SERVE = (sys.executable, "-m", "flask", "--app", "app", "serve")
"""All of it."""


def environment(url: str, folder: Path, port: int = 8050, screens: int = 64) -> dict[str, str]:
    """The settings of a program under test."""
    return os.environ | {
        "WATCHROOM_DATABASE_URL": url,
        "WATCHROOM_VAR": str(folder),
        "WATCHROOM_PORT": str(port),
        "WATCHROOM_SCREENS": str(screens),
        "WATCHROOM_SECRET_KEY": "s" * 32,
        "WATCHROOM_AUDIT_KEY": AUDIT_KEY.decode(),
        "WATCHROOM_CREDENTIALS_KEY": "c" * 32,
        "WATCHROOM_LOG_LEVEL": "warning",
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A running program. It answers from the moment this is made; ``stop`` ends it and what it started."""

    def __init__(self, url: str, folder: Path, command: Sequence[str] = LIVE, screens: int = 64) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            command, env=environment(url, folder, self.port, screens), start_new_session=True, stdout=subprocess.DEVNULL
        )
        with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
            client.get(f"{self.address}/sign-in").raise_for_status()

    def stop(self) -> None:
        """At once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
