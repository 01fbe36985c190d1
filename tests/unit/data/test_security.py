"""What the security log says of people."""

import pytest
import structlog
from structlog.testing import capture_logs

from data.security import done, masked_name, network_of
from models.audit import Actor

ANN = Actor("Ann Quillfeather", 3, 9, "192.0.2.7")


@pytest.mark.parametrize(
    ("name", "said"), [("", ""), ("A", "A***"), ("Ann", "A***"), ("Tomo", "T***o"), ("Ann Quillfeather", "A***r")]
)
def test_a_name_loses_its_middle(name, said):
    assert masked_name(name) == said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("", ""),
        ("somewhere", ""),
    ],
)
def test_an_address_is_told_as_its_network(address, said):
    assert network_of(address) == said


@pytest.mark.parametrize(
    ("action", "about", "told"),
    [
        ("sign in", "session", True),
        ("roles", "user", True),
        ("lockdown.begin", "lockdown", True),
        ("export", "messages", True),
        ("claim", "conversation", False),
        ("view", "conversation", False),
    ],
)
def test_only_changes_of_security_are_told(action, about, told):
    structlog.reset_defaults()
    with capture_logs() as lines:
        done(action, about, 4, 1, ANN, 77)
    assert [(one["what"], one["audit"], one["who"]) for one in lines] == ([(action, 77, "A***r")] if told else [])
