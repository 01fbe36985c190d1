"""A real browser: the system's Chromium, driven by Playwright. Without one these tests fail; they are never skipped."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from data.alarms import raise_alarm
from data.audit import change
from data.clock import utc_now
from data.database import Database, migrate
from models.alarms import AlarmKind, Cause
from models.audit import COMMAND
from models.moves import TOP
from models.workspace import Heartbeat
from tests.policy import watch_policy
from tests.programs import Served
from tests.rows import PASSWORD, add_conversation, add_member, add_workspace, open_database

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is here. The shell draws the same pages at half of the processor time: it has no window to draw them for."""
# A browser on its own: it draws what it is shown and calls nobody.
FLAGS = (
    "--disable-gpu",
    "--font-render-hinting=none",  # letters as wide as on a screen, whatever draws them
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# How soon something is there is measured by the bench; a test waits until it is, also on a busy machine.
expect.set_options(timeout=15_000)
numbers = count(1)


@dataclass(frozen=True)
class Town:
    """A served program: its database, and where it answers."""

    database: Database
    address: str


@dataclass(frozen=True)
class Place:
    """One workspace of the served program, and the name of its operator."""

    database: Database
    address: str
    workspace_id: int
    slug: str
    operator: str

    def at(self, path: str, query: str = "") -> str:
        """The address of a page of this workspace."""
        return f"{self.address}{path}?workspace={self.slug}{query}"

    def hire(self, name: str, role: str = "Operator") -> str:
        """One more colleague: the name to sign in with."""
        sign_in = f"{name}-{self.slug}"
        add_member(self.database, self.workspace_id, sign_in, role, utc_now())
        return sign_in

    def receive(self, text: str = "Is anybody there?", minutes_ago: float = 0) -> int:
        """A message from somebody new: the key of its conversation."""
        return add_conversation(self.database, self.workspace_id, utc_now() - timedelta(minutes=minutes_ago), text)

    def ring(self, *words: str) -> None:
        """An alarm of the top grade for each of these words, which calls everybody."""
        for one in words:
            at = utc_now()
            with change(self.database, self.workspace_id, COMMAND, at) as c:
                c.state("rule", "alarm", raise_alarm(c, Cause(AlarmKind.RULE, one, at, rank=TOP, words=one)))

    def sign_in(self, page: Page, path: str, query: str = "", who: str = "") -> Page:
        """Sign in on the form, which leads on to the page asked for; returns when that is drawn and live."""
        page.goto(self.at(path, query))
        page.fill("[name=sign_in]", who or self.operator)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.locator("#live-age[data-live=true]").wait_for()
        page.wait_for_function(HYDRATED)
        return page


HYDRATED = '() => (window.dash_stores || []).some((store) => store.getState().appLifecycle === "HYDRATED")'
"""Dash knows its callbacks: a key pressed before would be pressed for nobody."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("No browser here: install the Debian package chromium.", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for a worker's tests; each test opens a context of its own, so that no cookie is shared."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at 1920x1080 in a context of its own. A script error on it, or a breach of its policy, fails the test."""
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB", timezone_id="Europe/London")
    watch_policy(context, errors)
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == [], "script errors on the page, or what its content security policy forbids"


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)`: every accessibility failure on a page as it stands, one line each; empty where there is none.

    The script goes in through the debugger and not as a tag, which the page's content security policy would refuse.
    """
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: run `make front`.", pytrace=False)
    source = AXE.read_text(encoding="utf-8")

    def failures(page: Page, within: str | None = None) -> list[str]:
        page.evaluate(source + "; undefined")
        options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
        found = page.evaluate("([where, how]) => axe.run(where ?? document, how)", [within, options])
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return failures


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The program on a database of its own, which all tests of a worker share: each makes its own workspace in it."""
    folder = tmp_path_factory.mktemp("program")
    url = f"sqlite:///{folder / 'watchroom.db'}"
    migrate(url)
    database = open_database(url)
    with database.write() as db:
        db.merge(Heartbeat(name="poller", holder="test", at=utc_now() + timedelta(hours=1)))
    served = Served(url, folder)
    yield Town(database, served.address)
    served.stop()
    database.close()


@pytest.fixture
def north(program: Town) -> Place:
    """A workspace that only this test uses, with an operator."""
    slug = f"north{next(numbers)}"
    begun = utc_now() - timedelta(days=1)
    workspace_id = add_workspace(program.database, slug, begun)
    add_member(program.database, workspace_id, slug, "Operator", begun)
    return Place(program.database, program.address, workspace_id, slug, slug)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``visit(width=..., height=..., **context options)``: a page in a browser context of its own, which must keep the rules.

    Afterwards no script may have failed, the content security policy must not have been broken, and nothing may have been
    asked of any host but ours.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(width: int = 1920, height: int = 1080, **options: Any) -> Page:
        view = {"viewport": {"width": width, "height": height}, "locale": "en-GB", "timezone_id": "Europe/London"}
        context = browser.new_context(**{**view, **options})
        contexts.append(context)
        watch_policy(context, wrong)
        context.on("page", lambda page: listen(page, wrong))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def listen(page: Page, wrong: list[str]) -> None:
    """Keep whatever a page must not do. An address that the test itself opened may answer with an error."""
    opened: set[str] = set()

    def asked(request: Request) -> None:
        if request.is_navigation_request():
            opened.add(request.url)
        if urlsplit(request.url).scheme in {"http", "https"} and urlsplit(request.url).hostname != "127.0.0.1":
            wrong.append(f"asked another host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"] not in opened:
            wrong.append(f"{message.text} ({message.location['url']})")

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
