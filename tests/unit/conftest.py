"""Unit tests reach no network: a connection to anything but a Unix socket fails at once, with the test that asked."""

import socket

import pytest


class NoNetwork(AssertionError):
    """A unit test tried to reach a network."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection but one to a Unix socket, and every look-up of a host."""
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse_unless_local(getattr(socket.socket, name)))
    monkeypatch.setattr(socket, "getaddrinfo", refuse_look_up)


def refuse_unless_local(original):
    def refuse(self, *where):
        if self.family != socket.AF_UNIX:
            raise NoNetwork(f"a unit test wanted to reach {where[-1]}")
        return original(self, *where)

    return refuse


def refuse_look_up(host, *_args, **_kwargs):
    raise NoNetwork(f"a unit test wanted to look up {host}")
