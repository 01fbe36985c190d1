"""What every connector promises, and how one is asked for."""

import subprocess
import sys
from importlib import import_module

import pytest

from data.channels import CONNECTORS, UnknownConnector, connect
from data.channels.contract import (
    ChannelFailure,
    Connector,
    NetworkFault,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
    WrongSetting,
)
from models.posts import Batch, Kind, Reply
from tests.integration.data.channels.conftest import NOON, mention


@pytest.fixture(params=sorted(CONNECTORS))
def connector(request, tmp_path, x, connected, clock) -> Connector:
    if request.param == "x":
        x.mentions = [mention(NOON, f"number {at}", at) for at in range(7)]
        return connected(page_size=5)
    path = tmp_path / "posts.csv"
    path.write_text("sent,text\n" + "".join(f"2025-03-03T09:00:00Z,number {at}\n" for at in range(7)))
    given = {"path": str(path), "page_size": 5}
    return connect(request.param, handle="northshire", settings=given, credentials={}, clock=clock)


def rounds(connector, cursor=None):
    batches = []
    while True:
        batches.append(connector.fetch(cursor))
        cursor = batches[-1].cursor
        if not batches[-1].more:
            return batches


def test_a_connector_gives_pages_until_there_is_no_more(connector):
    batches = rounds(connector)
    assert all(isinstance(batch, Batch) and isinstance(batch.cursor, str) for batch in batches)
    assert sorted(post.text for batch in batches for post in batch.posts) == [f"number {at}" for at in range(7)]


def test_a_connector_keeps_nothing_that_its_cursor_does_not(connector):
    first = connector.fetch(None)
    connector.fetch(first.cursor)
    assert connector.fetch(None) == first
    assert connector.fetch(first.cursor) == connector.fetch(first.cursor)


def test_a_connector_loses_nothing_between_two_rounds(connector):
    last = rounds(connector)[-1]
    seen = {post.network_id for batch in rounds(connector) for post in batch.posts}
    later = [post for batch in rounds(connector, last.cursor) for post in batch.posts]
    assert {post.network_id for post in later} <= seen


def test_a_connector_sends_and_says_under_which_id(connector):
    receipt = connector.send(Reply("attempt-1", "thank you", Kind.PUBLIC, parent_id="5"))
    assert receipt.network_id
    assert receipt.sent == NOON


def test_a_connector_answers_for_no_figures_that_it_was_not_given(connector):
    assert connector.engagement([]) == {}


def test_a_connector_says_who_it_is(connector):
    assert connector.whoami() == "northshire"


@pytest.mark.parametrize(
    ("failure", "retryable"),
    [
        (Unreachable, True), (RateLimited, True), (NetworkFault, True),
        (Refused, False), (NotAllowed, False), (OutcomeUnknown, False),
    ],
)  # fmt: skip
def test_each_failure_says_whether_to_ask_again(failure, retryable):
    assert issubclass(failure, ChannelFailure)
    assert failure("words").retryable is retryable


def test_an_unknown_connector_is_refused_with_the_names_of_those_there_are(clock):
    with pytest.raises(UnknownConnector, match="'pigeon'; there are: replay, x"):
        connect("pigeon", handle="h", settings={}, credentials={}, clock=clock)


@pytest.mark.parametrize("given", [{"settings": {"tempo": 1}}, {"credentials": {"tempo": "1"}}])
def test_a_setting_or_credential_that_nobody_knows_is_refused(clock, given):
    with pytest.raises(WrongSetting, match="tempo"):
        connect("x", **{"handle": "h", "settings": {}, "credentials": {}, "clock": clock, **given})


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "ftp://x"},
        {"base_url": "api.x.com"},
        {"page_size": 4},
        {"overlap_minutes": -1},
        {"messages": "maybe"},
    ],
)
def test_a_wrong_setting_of_x_is_refused_by_name(connected, settings):
    with pytest.raises(WrongSetting) as wrong:
        connected(**settings)
    assert wrong.value.name in settings


def test_x_without_any_credential_says_what_it_needs(clock):
    with pytest.raises(WrongSetting, match="bearer_token: is missing"):
        connect("x", handle="h", settings={}, credentials={}, clock=clock)


def test_every_offer_can_be_built_and_explains_what_it_needs():
    for offer in CONNECTORS.values():
        assert callable(import_module(offer.module).build)
        assert all(need.help for need in (*offer.credentials, *offer.settings))


def test_the_network_packages_are_imported_only_where_they_are_used():
    code = "import sys, data.channels, data.channels.replay; sys.exit('tweepy' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
