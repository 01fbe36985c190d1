"""Pages that stay true by themselves, and say so when they cannot: against the served program, in a real browser."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from callbacks.callers import KIOSK_COOKIE
from data.clock import utc_now
from data.kiosks import check_kiosk, create_kiosk, revoke_kiosk
from layouts.boards.main import Ids
from models.audit import COMMAND
from models.people import SignedIn
from models.workspace import Heartbeat
from tests.policy import watch_policy
from tests.rows import AUDIT_KEY, PASSWORD, add_conversation, add_member, add_workspace, open_database

WAITING = f"#{Ids.WAITING_FIGURE}"
PATIENCE = 15_000
"""Milliseconds: what is wrong is on the page within 15 s."""


class Served:
    """The program in a process of its own, which can be killed and started again at the same address."""

    def __init__(self, url, folder, screens):
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "WATCHROOM_DATABASE_URL": url,
            "WATCHROOM_VAR": str(folder),
            "WATCHROOM_PORT": str(self.port),
            "WATCHROOM_SCREENS": str(screens),
            "WATCHROOM_SECRET_KEY": "s" * 32,
            "WATCHROOM_AUDIT_KEY": AUDIT_KEY.decode(),
            "WATCHROOM_CREDENTIALS_KEY": "c" * 32,
            "WATCHROOM_LOG_LEVEL": "warning",
        }
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.live_server"], env=self.environment, start_new_session=True
        )
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{self.address}/sign-in").raise_for_status()

    def kill(self):
        """At once, gunicorn's worker and its master alike."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    made = add_workspace(database, at=utc_now() - timedelta(days=1))
    beat(database)
    return made


@pytest.fixture
def serve(database, north, tmp_path):
    """Starts the program with so many places for screens."""
    running = []

    def start(screens=8):
        running.append(Served(database.url, tmp_path, screens))
        return running[0]

    yield start
    for one in running:
        one.kill()


@pytest.fixture
def hang(browser, database, north):
    """Opens the board in a browser of its own, as a kiosk; returns the page and the kiosk's token."""
    contexts, broken = [], []

    def open_board(served):
        token = create_kiosk(database, north, "Wall", "main", utc_now(), COMMAND)
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB")
        contexts.append(context)
        watch_policy(context, broken)
        context.add_cookies([{"name": KIOSK_COOKIE, "value": token, "url": served.address}])
        return another_tab(context, served), token

    yield open_board
    for context in contexts:
        context.close()
    assert broken == []


def another_tab(context, served):
    page = context.new_page()
    page.goto(f"{served.address}/wallboard/main?workspace=north")
    expect(page.locator("#live-age")).to_contain_text("LIVE", timeout=PATIENCE)
    return page


ALIVE = -timedelta(hours=1)
"""A sign of life that outlasts the test: nothing polls here, and what is tested is another banner."""


def beat(database, ago=ALIVE):
    """A sign of life of the poller, that long ago."""
    with database.write() as db:
        db.merge(Heartbeat(name="poller", holder="test", at=utc_now() - ago))


def banner(page):
    return page.locator("#banner")


def test_a_commit_elsewhere_is_on_the_glass_within_a_second(serve, hang, database, north):
    page, _ = hang(serve())
    expect(page.locator(WAITING)).to_have_text("0")
    add_conversation(database, north, utc_now())
    expect(page.locator(WAITING)).to_have_text("1", timeout=1_000)


def test_the_chart_is_drawn_with_what_came(serve, hang, database, north):
    page, _ = hang(serve())
    chart = page.locator(f"#{Ids.INBOUND_CHART} .js-plotly-plot")
    expect(chart).to_be_visible()
    before = chart.inner_html()
    add_conversation(database, north, utc_now())
    expect(page.locator(WAITING)).to_have_text("1", timeout=1_000)
    assert page.evaluate("getComputedStyle(document.querySelector('.js-plotly-plot text')).fill") not in {"", "none"}
    assert "ink:" not in before + chart.inner_html()


def test_two_tabs_of_a_browser_share_one_stream(serve, hang, database, north):
    served = serve(screens=1)
    first, _ = hang(served)
    second = another_tab(first.context, served)
    add_conversation(database, north, utc_now())
    for page in (first, second):
        page.bring_to_front()
        expect(page.locator(WAITING)).to_have_text("1", timeout=2_000)


def test_a_browser_for_which_no_place_is_left_polls(serve, hang, database, north):
    served = serve(screens=1)
    hang(served)
    late, _ = hang(served)
    add_conversation(database, north, utc_now())
    expect(late.locator(WAITING)).to_have_text("1", timeout=8_000)
    expect(banner(late)).to_be_hidden()


def test_a_server_that_is_gone_is_said_so_until_it_is_back(serve, hang):
    served = serve()
    page, _ = hang(served)
    expect(banner(page)).to_be_hidden()
    served.kill()
    expect(banner(page)).to_contain_text("The server does not answer. Figures below are from", timeout=PATIENCE)
    expect(page.locator("#live-age")).to_contain_text("since")
    served.start()
    expect(banner(page)).to_be_hidden(timeout=PATIENCE)
    expect(page.locator("#live-age")).to_contain_text("LIVE", timeout=PATIENCE)


def test_a_poller_that_is_gone_is_said_so_until_it_is_back(serve, hang, database):
    page, _ = hang(serve())
    beat(database, ago=timedelta(minutes=2))
    expect(banner(page)).to_contain_text("Posts are not being collected: the poller stopped at", timeout=PATIENCE)
    beat(database)
    expect(banner(page)).to_be_hidden(timeout=PATIENCE)


def test_a_revoked_kiosk_says_that_it_is_off(serve, hang, database, north):
    page, token = hang(serve())
    revoke_kiosk(database, north, check_kiosk(database, token).kiosk_id, utc_now(), COMMAND)
    expect(banner(page)).to_contain_text("This screen has been switched off", timeout=PATIENCE)


def test_an_ended_session_leads_to_the_sign_in_page(serve, page, database, north):
    served = serve()
    add_member(database, north, "ann", "Operator", utc_now())
    page.goto(f"{served.address}/sign-in?next=/wallboard/main?workspace=north")
    page.fill("[name=sign_in]", "ann")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/wallboard/main?workspace=north")
    expect(page.locator("#live-age")).to_contain_text("LIVE", timeout=PATIENCE)
    with database.write() as db:
        db.execute(update(SignedIn).values(ended=utc_now()))
    expect(banner(page)).to_contain_text("You are signed out.", timeout=PATIENCE)
    page.get_by_role("link", name="Sign in again.").click()
    page.wait_for_url("**/sign-in?next=*")
