"""The main job as a newcomer meets it: the demonstration runs, they sign in, and posts arrive on the wall and in the queue."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from data.clock import utc_now
from data.database import migrate
from data.demonstration import PASSWORD, load
from tests.programs import SERVE, Served
from tests.rows import open_database

HISTORY = timedelta(hours=3)
"""A short past: what matters here is what comes."""
PROMISE = 30
"""Seconds from signing in to a post on the wall and in the queue."""


@pytest.fixture
def demonstration(tmp_path):
    """The address of a demonstration with everything it has: pollers, and an incident that begins with the server."""
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    migrate(url)
    database = open_database(url)
    load(database, utc_now, lambda what, share: None, HISTORY)
    database.close()
    served = Served(url, tmp_path, SERVE)
    yield served.address
    served.stop()


def test_posts_arrive_on_the_wall_and_in_the_queue_within_half_a_minute_of_signing_in(demonstration, visit):
    queue = visit()
    queue.goto(demonstration)
    expect(queue.get_by_text("every message in it is invented")).to_be_visible()
    queue.fill("[name=sign_in]", "rhale")
    queue.fill("[name=password]", PASSWORD)
    queue.keyboard.press("Enter")
    signed_in = time.monotonic()
    rows = queue.locator("#queue-rows tr[data-row]")
    rows.first.wait_for()
    known = set(rows.evaluate_all("(all) => all.map((one) => one.dataset.id)"))
    wall = queue.context.new_page()
    wall.goto(queue.url.replace("/queue", "/wallboard/main"))
    counted = wall.locator("#wall-inbound-caption")
    before = int(re.search(r"[\d,]+", counted.inner_text())[0].replace(",", ""))
    wall.wait_for_function(
        "(before) => parseInt(document.querySelector('#wall-inbound-caption').textContent.replaceAll(',', '')) > before",
        arg=before,
        timeout=PROMISE * 1000,
    )
    queue.bring_to_front()
    queue.wait_for_function(
        "(known) => [...document.querySelectorAll('#queue-rows tr[data-row]')].some((one) => !known.includes(one.dataset.id))",
        arg=sorted(known),
        timeout=PROMISE * 1000,
    )
    assert time.monotonic() - signed_in < PROMISE
    expect(queue.get_by_text("every message here is invented")).to_be_visible()
