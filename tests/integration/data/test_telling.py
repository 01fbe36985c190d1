"""Where an address may lead: chat, mail and webhooks, and never to this machine itself."""

import pytest

from data import telling
from data.telling import leads_inside, service_of, tell
from models.problems import BadValue


def test_mail_webhooks_and_chats_are_offered():
    for address in ("jsons://example.org/alarms", "mailtos://ann:secret@example.org", "ntfys://example.org/room"):
        assert service_of(address) == address.partition(":")[0]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jsons",
        "exec://x",
        "syslog://",
        "dbus://",
        "jsons://",
        "json://a\nb",
        "json://\ud800",
        "json://" + "a" * 3000,
    ],
)
def test_what_else_there_may_be_is_not(address):
    with pytest.raises(BadValue):
        service_of(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "::1", "169.254.169.254", "0.0.0.0", "fe80::1", "::ffff:127.0.0.1"]
)
def test_this_machine_and_its_link_are_never_told(host):
    assert leads_inside(host)
    with pytest.raises(OSError, match="nothing is told there"):
        tell(f"json://{f'[{host}]' if ':' in host else host}/x", "t", "b")


def test_a_network_of_ones_own_may_be_told():
    assert not leads_inside("10.1.2.3")


def test_what_a_service_refuses_is_a_failure(monkeypatch):
    class Refusing:
        host = "192.0.2.1"

        def notify(self, **_):
            return False

    monkeypatch.setattr(telling, "_made", lambda _address: Refusing())
    with pytest.raises(OSError, match="not accepted"):
        tell("json://192.0.2.1/x", "t", "b")
    monkeypatch.setattr(telling, "_made", lambda _address: None)
    with pytest.raises(OSError, match="cannot be read"):
        tell("json://x", "t", "b")
