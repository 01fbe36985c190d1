"""A real browser: the system's Chromium, driven by Playwright. Without one these tests fail; they are never skipped."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A browser on its own: it draws what it is shown and calls nobody.
FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


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
    """A page at 1920x1080 in a context of its own. A script error on it fails the test."""
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB", timezone_id="Europe/London")
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == [], "script errors on the page"


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
