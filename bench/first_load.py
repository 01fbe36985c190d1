"""How much a first visit loads and how soon its chart stands, beside Dash's defaults serving the same page; memory and
start-up time of the process.

Run with ``python -m bench.first_load``. Both are served by the same server, in turn, load after load: cold (an empty
browser), warm (the same browser again), and cold over a line of 20 Mbit/s. The default is the same program with the same
board, served as Dash serves it when told nothing else: the plotly bundle that comes with it, nothing compressed, every
script of its own, an empty first layout that a callback fills. Times run from the start of the navigation to the first
drawn bars.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from app import create_app
from bench.report import quantile, report
from bench.stage import open_database, prepare, settings_of
from callbacks import compression, routing, statics
from callbacks.callers import KIOSK_COOKIE
from callbacks.house import KEY
from callbacks.serving import Program
from data.clock import utc_now
from data.demonstration.loading import STORY, accounts
from data.kiosks import create_kiosk
from layouts import shell
from models.workspace import Workspace

HOST = "127.0.0.1"
FOLDER = Path("var") / "bench"
ROUNDS = 5
LINE = 20e6 / 8
"""Bytes a second of a line of 20 Mbit/s."""
DELAY_MS = 20
PATIENCE_MS = 90_000
FLAGS = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
WATCH = """(() => {
  const look = new MutationObserver(() => {
    if (document.querySelector(".js-plotly-plot .bars path")) {
      look.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.firstChart = performance.now(); }));
    }
  });
  look.observe(document, { childList: true, subtree: true });
})()"""


def serve(mode: str, folder: Path, port: int) -> None:
    """The board with its live hub, served our way or as Dash does it by default."""
    if mode == "default":
        statics.register_statics = lambda *_, **__: None
        statics.stylesheets = lambda: ["/assets/vendor/bootstrap.min.css"]
        statics.own_files = lambda: {"assets_path_ignore": ["vendor", "workers", "joined"]}
        statics.chart_script = str
        statics.needed = str
        compression.register = lambda *_: None
        routing.first_layout = shell.root
    settings = settings_of(folder, port)
    server = create_app(settings)
    Program(server, settings, [server.extensions[KEY].hub]).run()


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[tuple[str, float, subprocess.Popen]]:
    """A serving process: its address, and the seconds from the command to the first answer."""
    port = free_port()
    words = [str(port) if word == "PORT" else word for word in command]
    settings = {name: getattr(value, "get_secret_value", value.__str__)() for name, value in settings_of(folder, port)}
    environment = os.environ | {f"WATCHROOM_{name.upper()}": text for name, text in settings.items() if text}
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", *words], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://{HOST}:{port}"
    while not answers(f"{address}/healthz"):
        if process.poll() is not None or time.monotonic() - begun > 60:
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    try:
        yield address, time.monotonic() - begun, process
    finally:
        process.terminate()
        process.wait()


def answers(address: str) -> bool:
    """Whether there is an answer yet."""
    try:
        with urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def worker_bytes(address: str) -> int:
    """What the shared worker's script adds: a browser's tools do not count it with the page."""
    asked = Request(f"{address}/assets/workers/live.js", headers={"Accept-Encoding": "br"})
    with urlopen(asked) as answer:
        return len(answer.read()) + len(str(answer.headers))


class Visit:
    """One load of the board in a browser context: the bytes that came, and the milliseconds to the first chart."""

    def __init__(self, context: BrowserContext, address: str, throttled: bool = False) -> None:
        page = context.new_page()
        tools = context.new_cdp_session(page)
        self.bytes = 0
        tools.on("Network.loadingFinished", self._count)
        tools.send("Network.enable")
        if throttled:
            speed = {"downloadThroughput": LINE, "uploadThroughput": LINE, "latency": DELAY_MS}
            tools.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        page.add_init_script(WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => window.firstChart", timeout=PATIENCE_MS)
        self.milliseconds = float(page.evaluate("window.firstChart"))
        page.wait_for_load_state("load")
        page.close()

    def _count(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])


Opener = Callable[[], BrowserContext]


def opener(browser: Browser, address: str, token: str) -> Opener:
    """Makes an empty browser that may see the board."""

    def empty() -> BrowserContext:
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB")
        context.add_cookies([{"name": KIOSK_COOKIE, "value": token, "url": address}])
        return context

    return empty


def rounds(places: dict[str, tuple[Opener, str]], number: int) -> dict[tuple[str, str], list[Visit]]:
    """Both ways in turn, each cold, warm and over the slow line."""
    found: dict[tuple[str, str], list[Visit]] = {}
    for _ in range(number):
        for way, (empty, address) in places.items():
            context = empty()
            found.setdefault((way, "cold"), []).append(Visit(context, address))
            found.setdefault((way, "warm"), []).append(Visit(context, address))
            context.close()
            context = empty()
            found.setdefault((way, "20 Mbit/s"), []).append(Visit(context, address, throttled=True))
            context.close()
    return found


def tell(found: dict[tuple[str, str], list[Visit]], beside: int) -> None:
    """The figures of both ways and their ratios."""
    theirs = statistics.median(visit.bytes for visit in found["default", "cold"])
    ours = statistics.median(visit.bytes for visit in found["ours", "cold"]) + beside
    report("first load, Dash's default, bytes", theirs, "bytes")
    report("first load, bytes", ours, "bytes", theirs / ours)
    for how in ("cold", "warm", "20 Mbit/s"):
        default, own = ([visit.milliseconds for visit in found[way, how]] for way in ("default", "ours"))
        for label, share in (("p50", 0.5), ("p95", 0.95)):
            his, mine = quantile(default, share), quantile(own, share)
            report(f"first chart, {how}, Dash's default, {label}", his, "ms")
            report(f"first chart, {how}, {label}", mine, "ms", his / mine)


def memory(process: subprocess.Popen) -> tuple[float, float]:
    """Megabytes of the worker's own resident size, and of master and worker together with shared pages counted once."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    resident = _kilobytes(f"/proc/{children[0]}/status", "VmRSS:")
    together = sum(_kilobytes(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in (process.pid, *children))
    return resident / 1000, together / 1000


def _kilobytes(path: str, name: str) -> float:
    line = next(one for one in Path(path).read_text().splitlines() if one.startswith(name))
    return float(line.split()[1])


def kiosk(folder: Path) -> tuple[str, str]:
    """A kiosk's token, and its workspace's name in addresses."""
    database = open_database(folder)
    workspace_id = accounts(database)[0].workspace_id
    token = create_kiosk(database, workspace_id, "Bench", "main", utc_now(), STORY)
    with database.read() as db:
        slug = db.get_one(Workspace, workspace_id).slug
    database.close()
    return token, slug


def whole(folder: Path, token: str, slug: str) -> None:
    """Start-up time of the whole program, pollers and all, and its memory once a board is open."""
    seconds = []
    for _ in range(3):
        with serving(["flask", "--app", "app", "serve"], folder) as (address, took, process):
            seconds.append(took)
            asks = {"Cookie": f"{KIOSK_COOKIE}={token}", "Referer": f"{address}/wallboard/main?workspace={slug}"}
            with urlopen(Request(f"{address}/_dash-layout", headers=asks)) as answer:
                answer.read()
            resident, together = memory(process)
    report("start-up, from the command to the first answer", quantile(seconds, 0.5), "s")
    report("memory, serving worker, resident", resident, "MB")
    report("memory, master and worker, shared pages once", together, "MB")


def main(words: list[str] | None = None) -> None:
    """Serve both, load both, tell the figures."""
    folder = FOLDER / "first-load"
    prepare(folder)
    token, slug = kiosk(folder)
    own = ["bench.first_load", "ours", str(folder), "PORT"]
    other = ["bench.first_load", "default", str(folder), "PORT"]
    with (
        serving(other, folder) as (theirs, _, _),
        serving(own, folder) as (ours, _, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=FLAGS
        )
        board = f"/wallboard/main?workspace={slug}"
        places = {
            "default": (opener(browser, theirs, token), f"{theirs}{board}"),
            "ours": (opener(browser, ours, token), f"{ours}{board}"),
        }
        rounds(places, 1)
        tell(rounds(places, 2 if words and "quick" in words else ROUNDS), worker_bytes(ours))
        browser.close()
    whole(folder, token, slug)


if __name__ == "__main__":
    if sys.argv[1:2] in (["default"], ["ours"]):
        serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(sys.argv[1:])
