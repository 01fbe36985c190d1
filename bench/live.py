"""How long a commit takes to the glass, and what an open screen costs, beside the same board on a one-second Interval.

Run with ``python -m bench.live``. Both ways run in turn in one run, on copies of the demonstration; the posts go through
intake in the serving process, as a poller's do. A tile counts as on the glass when its text changed in the page, a chart
when plotly has drawn it; both by the page's own clock, which is the machine's.
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.report import quantile, report, report_times
from bench.screens import Pollers, Screens
from bench.stage import TICK, open_database, prepare
from callbacks.callers import KIOSK_COOKIE
from data.clock import utc_now
from data.demonstration.loading import STORY, accounts
from data.kiosks import create_kiosk
from layouts.boards.main import Ids
from models.workspace import Workspace

HOST = "127.0.0.1"
FOLDER = Path("var") / "bench"
COMMITS = 40
SECONDS = 20
OTHERS = 99
OPEN = (1, 100, 400)
PATIENCE = 60.0
WATCH = """([tile, chart]) => {
  window.changes = [];
  window.draws = [];
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const look = { childList: true, characterData: true, subtree: true };
  new MutationObserver(() => window.changes.push(now())).observe(document.getElementById(tile), look);
  document.querySelector(`#${chart} .js-plotly-plot`).on("plotly_afterplot", () => window.draws.push(now()));
}"""


class Stage:
    """A serving process, and the line to it."""

    def __init__(self, mode: str, folder: Path, screens: int) -> None:
        with closing(socket.socket()) as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        (folder / "control").unlink(missing_ok=True)
        command = [sys.executable, "-m", "bench.stage", mode, str(folder), str(self.port), str(screens)]
        self.process = subprocess.Popen(command)
        self._line = socket.socket(socket.AF_UNIX)
        self._connect(folder / "control")
        self._file = self._line.makefile("rw")

    def _connect(self, path: Path) -> None:
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                self._line.connect(str(path))
                return
            except OSError:
                if time.monotonic() > give_up or self.process.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                threading.Event().wait(0.1)

    def ask(self, word: str) -> dict:
        """The answer to a word of ``bench.stage``."""
        self._file.write(word + "\n")
        self._file.flush()
        return json.loads(self._file.readline())

    def stop(self) -> None:
        """End the process."""
        self._file.close()
        self._line.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def staged(mode: str, screens: int) -> Iterator[tuple[Stage, str, str]]:
    """A fresh copy of the demonstration being served: the stage, a kiosk's cookie, and the workspace's slug."""
    folder = FOLDER / mode
    prepare(folder)
    database = open_database(folder)
    workspace_id = accounts(database)[0].workspace_id
    token = create_kiosk(database, workspace_id, "Bench", "main", utc_now(), STORY)
    with database.read() as db:
        slug = db.get_one(Workspace, workspace_id).slug
    database.close()
    stage = Stage(mode, folder, screens)
    try:
        yield stage, token, slug
    finally:
        stage.stop()


@contextmanager
def opened(stage: Stage, token: str, path: str) -> Iterator[Page]:
    """The page in headless Chromium, at the size of a wallboard."""
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=flags
        )
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        address = f"http://{HOST}:{stage.port}"
        context.add_cookies([{"name": KIOSK_COOKIE, "value": token, "url": address}])
        page = context.new_page()
        page.goto(f"{address}{path}")
        page.wait_for_selector(f"#{Ids.INBOUND_CHART} .js-plotly-plot .barlayer .point", state="attached")
        yield page
        browser.close()


def on_the_glass(stage: Stage, page: Page, warm: int = 3) -> tuple[list[float], list[float]]:
    """Milliseconds from commit to tile and from commit to chart, at moments that follow no rhythm."""
    page.evaluate(WATCH, [Ids.WAITING_FIGURE, Ids.INBOUND_CHART])
    moments = random.Random(7)
    tiles, charts = [], []
    for number in range(COMMITS + warm):
        page.wait_for_timeout(1100 + moments.random() * 1000)
        page.evaluate("changes.length = draws.length = 0")
        at = stage.ask("commit")["at"]
        # The page's policy forbids Playwright's own waiting, which evaluates text inside the page.
        wait_for(lambda: page.evaluate("changes.length && draws.length"))
        tile, chart = page.evaluate("[changes[0], draws.find((at) => at > changes[0]) ?? draws.at(-1)]")
        if number >= warm:
            tiles.append((tile - at) * 1000)
            charts.append((chart - at) * 1000)
    return tiles, charts


def measure_glass() -> None:
    """Commit to tile and commit to chart, with 99 other screens open, beside the page on an Interval."""
    with staged("live", OTHERS + 10) as (stage, token, slug):
        path = f"/events?workspace={slug}&board=main"
        screens = Screens((HOST, stage.port), path, f"{KIOSK_COOKIE}={token}", OTHERS)
        with opened(stage, token, f"/wallboard/main?workspace={slug}") as page:
            ours = on_the_glass(stage, page)
        screens.close()
    with staged("interval", OTHERS + 10) as (stage, token, _), opened(stage, token, "/") as page:
        theirs = on_the_glass(stage, page)
    for name, mine, his in zip(("tile", "chart"), ours, theirs, strict=True):
        report_times(f"commit to {name}, {OTHERS + 1} screens", mine, "ms", "on an Interval of 1 s", his)


def paced(stage: Stage, seconds: int) -> tuple[dict[int, float], float]:
    """One commit a second: when each revision was committed, and the processor seconds that the server used."""
    stage.ask("commit")
    before, commits = stage.ask("cpu")["cpu"], {}
    due = time.monotonic()
    for _ in range(seconds):
        done = stage.ask("commit")
        commits[done["revision"]] = done["at"]
        due += 1
        threading.Event().wait(max(due - time.monotonic(), 0))
    return commits, stage.ask("cpu")["cpu"] - before


def live_screens(number: int) -> tuple[list[float], float]:
    """Milliseconds from commit to each screen, and processor milliseconds for each screen and second."""
    with staged("live", number) as (stage, token, slug):
        alone = paced(stage, SECONDS)[1]
        screens = Screens((HOST, stage.port), f"/events?workspace={slug}&board=main", f"{KIOSK_COOKIE}={token}", number)
        wait_for(lambda: screens.open == number)
        commits, used = paced(stage, SECONDS)
        wait_for(lambda: len(screens.seen.get(max(commits), ())) == number)
        screens.close()
    late = [(at - commits[revision]) * 1000 for revision in commits for at in screens.seen.get(revision, ())]
    if len(late) < 0.95 * number * SECONDS:
        raise RuntimeError(f"only {len(late)} of {number * SECONDS} updates arrived")
    return late, (used - alone) * 1000 / number / SECONDS


def interval_screens(number: int) -> tuple[float, float]:
    """Processor milliseconds for each screen and second, and the share of polls that were answered in time."""
    with staged("interval", number) as (stage, _, _):
        alone = paced(stage, SECONDS)[1]
        pollers = Pollers((HOST, stage.port), poll_body(stage), number)
        wait_for(lambda: pollers.answered >= number)
        begun = pollers.answered
        _, used = paced(stage, SECONDS)
        answered = pollers.answered - begun
        pollers.close()
    return (used - alone) * 1000 / answered, answered / number / SECONDS


def poll_body(stage: Stage) -> dict:
    """What Dash's own script sends for the board's one callback."""
    from urllib.request import urlopen

    with urlopen(f"http://{HOST}:{stage.port}/_dash-dependencies") as answer:
        name = json.load(answer)[0]["output"]
    outputs = [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in name.strip(".").split("...")]
    tick = {"id": TICK, "property": "n_intervals", "value": 1}
    return {
        "output": name,
        "outputs": outputs,
        "inputs": [tick],
        "changedPropIds": [f"{TICK}.n_intervals"],
        "state": [],
    }


def wait_for(true: Callable[[], Any]) -> None:
    """Return once it is so."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > give_up:
            raise RuntimeError("it never came about")
        threading.Event().wait(0.05)


def measure_screens() -> None:
    """What 1, 100 and 400 open screens cost one process, at one update a second."""
    for number in OPEN:
        late, ours = live_screens(number)
        theirs, answered = interval_screens(number)
        screens = f"{number} open screen{'s' if number > 1 else ''}"
        report(f"{screens}, commit to screen, p50", quantile(late, 0.5), "ms")
        report(f"{screens}, commit to screen, p95", quantile(late, 0.95), "ms")
        report(f"{screens}, processor time, on an Interval of 1 s", theirs, "ms per screen-second")
        report(f"{screens}, processor time", ours, "ms per screen-second", theirs / ours)
        report(f"{screens}, polls answered in time on an Interval of 1 s", answered * 100, "%")


def main(arguments: list[str]) -> None:
    """All of it; with ``quick`` without the many screens."""
    if "quick" not in arguments:
        measure_screens()
    measure_glass()


if __name__ == "__main__":
    main(sys.argv[1:])
