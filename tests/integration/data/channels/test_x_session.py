"""What goes wrong between us and X, and the name each failure gets."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from data.channels.contract import ChannelFailure, NetworkFault, NotAllowed, RateLimited, Refused, Unreachable
from tests.integration.data.channels.conftest import NOON, mention
from tests.x_server import Fault, dripping, half, reset, silent

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fault", "failure", "words"),
    [
        (Fault("/mentions", 401), Refused, "refused the credentials"),
        (Fault("/mentions", 403), Refused, "refused"),
        (Fault("/mentions", 403, body=b'{"type": "https://x/client-forbidden"}'), Refused, "access level"),
        (Fault("/mentions", 400), NotAllowed, "did not accept"),
        (Fault("/mentions", 404), NotAllowed, "did not accept"),
        (Fault("/mentions", 500), NetworkFault, "fault of its own"),
        (Fault("/mentions", 503, body=b"<html>over capacity</html>"), NetworkFault, "fault of its own"),
        (Fault("/mentions", 500, body=b'["not", "an", "object"]'), NetworkFault, "fault of its own"),
        (Fault("/mentions", 302, {"location": "https://elsewhere.example/"}), NetworkFault, "redirect"),
        (Fault("/mentions", 200, body=b"<html>"), NetworkFault, "not JSON"),
        (Fault("/mentions", 200, body=b"\xff\xfe\xfa"), NetworkFault, "not JSON"),
        (Fault("/mentions", 200, body=b"[" * 100_000), NetworkFault, "not JSON"),
        (Fault("/mentions", 200, body=b"[]"), NetworkFault, "not an object"),
        (Fault("/mentions", 200, body=b"{}"), NetworkFault, "neither posts nor their count"),
        (Fault("/mentions", 200, body=b'{"data": {}, "meta": {}}'), NetworkFault, "no list"),
        (Fault("/mentions", 200, body=b'{"meta": {"result_count": 3}}'), NetworkFault, "lacks the posts"),
        (Fault("/mentions", act=reset), Unreachable, "broke the connection off"),
        (Fault("/mentions", act=half), Unreachable, "broke the connection off"),
    ],
)
def test_each_failure_has_its_name(x, connected, fault, failure, words):
    x.faults = [fault]
    with pytest.raises(failure, match=words):
        connected().fetch(None)
    assert len(x.calls) == 1
    x.mentions = [mention(NOON - MINUTE)]
    assert len(connected().fetch(None).posts) == 1


@pytest.mark.parametrize("act", [silent, dripping])
def test_an_answer_that_takes_too_long_is_given_up(x, connected, act):
    x.faults = [Fault("/mentions", act=act)]
    with pytest.raises(Unreachable, match="in time"):
        connected(read_timeout=0.2).fetch(None)


def test_an_answer_that_is_too_large_is_given_up(x, connected):
    x.faults = [Fault("/mentions", 200, body=b" " * 300_000)]
    with pytest.raises(NetworkFault, match="larger than the 100000 bytes"):
        connected(largest_answer=100_000).fetch(None)


def test_an_answer_that_unpacks_to_too_much_is_given_up(x, connected):
    packed = gzip.compress(b" " * 3_000_000)
    assert len(packed) < 100_000
    x.faults = [Fault("/mentions", 200, {"content-encoding": "gzip"}, packed)]
    with pytest.raises(NetworkFault, match="larger than"):
        connected(largest_answer=100_000).fetch(None)


def test_a_packed_answer_is_read(x, connected):
    packed = gzip.compress(b'{"meta": {"result_count": 0}}')
    x.faults = [Fault("/mentions", 200, {"content-encoding": "gzip"}, packed)]
    assert connected().fetch(None).posts == ()


@pytest.mark.parametrize(
    ("headers", "retry_at"),
    [
        ({"x-rate-limit-reset": "1795436100"}, datetime.fromtimestamp(1795436100, UTC)),
        ({"retry-after": "90"}, NOON + timedelta(seconds=90)),
        ({"retry-after": "90", "x-rate-limit-reset": "1795436100"}, datetime.fromtimestamp(1795436100, UTC)),
        ({}, None),
        ({"x-rate-limit-reset": "soon"}, None),
        ({"x-rate-limit-reset": "99999999999"}, None),
    ],
)
def test_a_429_says_when_to_call_again(x, connected, headers, retry_at):
    x.faults = [Fault("/mentions", 429, headers)]
    with pytest.raises(RateLimited) as limited:
        connected().fetch(None)
    assert limited.value.retry_at == retry_at


def test_a_used_up_monthly_allowance_is_called_that(x, connected):
    x.faults = [Fault("/mentions", 429, body=b'{"type": "https://api.twitter.com/2/problems/usage-capped"}')]
    with pytest.raises(RateLimited, match="monthly allowance"):
        connected().fetch(None)


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_network_that_cannot_be_reached_is_unreachable(connected, base):
    with pytest.raises(Unreachable, match="could not be reached"):
        connected(base_url=base, connect_timeout=1).fetch(None)


@pytest.mark.parametrize(
    ("problem", "failure"), [("resource-not-found", NotAllowed), ("not-authorized-for-resource", Refused)]
)
def test_an_answer_of_problems_alone_is_not_taken_for_silence(x, connected, problem, failure):
    body = b'{"errors": [{"type": "https://api.twitter.com/2/problems/%s"}]}' % problem.encode()
    x.faults = [Fault("/mentions", 200, body=body)]
    with pytest.raises(failure):
        connected().fetch(None)


def test_problems_beside_posts_do_no_harm(x, connected):
    x.answers["/2/users/1000/mentions"] = {
        "data": [mention(NOON - MINUTE)],
        "errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found", "resource_id": "9"}, "odd"],
        "meta": {"result_count": 1},
    }
    assert len(connected().fetch(None).posts) == 1


def test_no_failure_repeats_a_key_or_what_x_wrote(x, connected):
    for status in (400, 401, 403, 429, 500):
        x.faults = [Fault("/mentions", status, body=b'{"detail": "k-consumer_key said: private words"}')]
        with pytest.raises(ChannelFailure) as raised:
            connected().fetch(None)
        assert "k-" not in str(raised.value)
        assert "private" not in str(raised.value)
        assert raised.value.__cause__ is None


def test_the_machines_password_file_does_not_replace_the_token(x, connected, tmp_path, monkeypatch):
    secrets = tmp_path / "netrc"
    secrets.write_text("machine 127.0.0.1 login other password other\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("NETRC", str(secrets))
    connected({"bearer_token": "t-public"}).fetch(None)
    assert x.signed == ["Bearer t-public"]
