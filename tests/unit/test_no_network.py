import socket

import pytest


def test_a_unit_test_cannot_open_a_connection():
    with socket.socket() as s, pytest.raises(AssertionError, match="wanted to reach"):
        s.connect(("127.0.0.1", 9))


def test_a_unit_test_cannot_send_a_datagram():
    with socket.socket(type=socket.SOCK_DGRAM) as s, pytest.raises(AssertionError, match="wanted to reach"):
        s.sendto(b"x", ("127.0.0.1", 9))


def test_a_unit_test_cannot_look_up_a_host():
    with pytest.raises(AssertionError, match="wanted to look up"):
        socket.create_connection(("localhost", 9))


def test_a_unit_test_may_use_a_unix_socket(tmp_path):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
