"""Serves the public files as the front-end build left them: compressed, with headers that let a browser keep them.

Call ``register_statics`` before any guard is registered: these files are public, and an answer given here ends the
request. What the build does not know, or what changed since, is left to Flask and Dash.
"""

import mimetypes
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

from dash.fingerprint import check_fingerprint
from flask import Flask, Response, request

from data import bundles
from data.bundles import ROOT, Bundle

FONT = "fonts/atkinson-hyperlegible-next-latin.woff2"
PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
GRAPH = "/_dash-component-suites/dash/dcc/async-graph.js"
YEAR, WEEK = 365 * 86_400, 7 * 86_400

NOT_NEEDED = re.compile(r'<script src="[^"]*(?:/dash/deps/polyfill@|/dash/dash_table/)[^"]*"></script>\n?')
"""Scripts that Dash puts into every page: stand-ins for browsers of before 2018, which take a sixth of the time to the first
chart, and a table that no page of ours has. The one stand-in that Dash's own scripts still want (``regeneratorRuntime``)
comes with dash-bootstrap-components too.
"""

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


def register_statics(server: Flask, charts: tuple[str, ...] = (), root: Path = ROOT) -> None:
    """Answer for public files, and tell pages what they will need.

    ``charts`` are the beginnings of the paths whose pages draw a chart at once: those pages ask for what draws it with the
    page itself, every other page only when (and if) its first chart appears.
    """
    catalogue = bundles.read_catalogue(root)
    server.jinja_env.globals["asset"] = partial(address, catalogue)
    server.before_request(partial(serve, catalogue, root))
    server.after_request(partial(announce, catalogue, charts))


def stylesheets() -> list[str]:
    """Addresses of the style sheets that come before our own: for ``Dash(external_stylesheets=...)``."""
    return [address(bundles.read_catalogue(), "vendor/bootstrap.min.css")]


def own_files() -> dict[str, Any]:
    """Which of our files Dash puts into a page: the joined ones, or each by itself where one has changed since the build."""
    whole = bundles.is_joined()
    return {
        "assets_path_ignore": ["vendor", "workers", *([] if whole else [bundles.JOINED])],
        "assets_ignore": r"^\d\d-" if whole else "",
    }


def needed(scripts: str) -> str:
    """The script tags of a page without those that do nothing for it."""
    return NOT_NEEDED.sub("", scripts)


@cache
def chart_script() -> str:
    """The address of plotly, for a page that draws a chart at once; empty where nothing was built."""
    catalogue = bundles.read_catalogue()
    return lasting_address(catalogue, PLOTLY) if PLOTLY in catalogue else ""


def address(catalogue: dict[str, Bundle], name: str) -> str:
    """The address of a file of ``assets/``, with its digest so that a browser may keep it for a year."""
    return lasting_address(catalogue, f"/assets/{name}")


def lasting_address(catalogue: dict[str, Bundle], path: str) -> str:
    """The path with the digest of what stands there, where it was built."""
    bundle = catalogue.get(path)
    return f"{path}?m={bundle.digest}" if bundle else path


def serve(catalogue: dict[str, Bundle], root: Path) -> Response | None:
    """The file asked for, in the smallest form the browser takes; None where it is not ours to answer."""
    if request.method not in {"GET", "HEAD"}:
        return None
    path, fingerprinted = check_fingerprint(request.path)
    bundle = catalogue.get(path)
    source = bundles.source_path(bundle.source, root) if bundle else None
    if bundle is None or source is None or not bundles.is_current(bundle, source):
        return None
    coding = best_coding(bundle)
    path_on_disk = bundles.compressed_path(bundle.digest, coding, root) if coding else source
    # Read whole (the largest is plotly's 330 kB): a streamed file would stay open behind a 304 or a HEAD.
    response = Response(path_on_disk.read_bytes(), mimetype=type_of(source))
    if coding:
        response.headers["Content-Encoding"] = coding
    if bundle.codings:
        response.vary.add("Accept-Encoding")
    keep(response, lasting(path, fingerprinted or "m" in request.args))
    response.set_etag(f"{bundle.digest}-{coding or 'plain'}")
    response.make_conditional(request)
    return response


def type_of(source: Path) -> str:
    """The media type of a file by its name; browsers refuse scripts and style sheets without one."""
    return TYPES.get(source.suffix) or mimetypes.guess_type(source.name)[0] or "application/octet-stream"


def keep(response: Response, seconds: int | None) -> None:
    """Say how long a browser may keep an answer without asking again."""
    if seconds is None:
        response.cache_control.no_cache = True
        return
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.cache_control.immutable = seconds == YEAR


def best_coding(bundle: Bundle) -> str | None:
    """The first coding of the bundle (smallest first) that the browser accepts; None for the file as it is."""
    return next((coding for coding in bundle.codings if request.accept_encodings[coding] > 0), None)


def lasting(path: str, fingerprinted: bool) -> int | None:
    """Seconds a browser may keep a file without asking; None means: ask each time, by its ETag."""
    if fingerprinted:
        return YEAR
    return WEEK if path.endswith(".woff2") else None


def announce(catalogue: dict[str, Bundle], charts: tuple[str, ...], response: Response) -> Response:
    """Name the font, and what draws a chart where one will stand, with the page itself: they load beside the scripts."""
    if response.mimetype == "text/html" and response.status_code == 200:
        if f"/assets/vendor/{FONT}" in catalogue:
            response.headers.add("Link", f"</assets/vendor/{FONT}>; rel=preload; as=font; type=font/woff2; crossorigin")
        if charts and request.path.startswith(charts) and GRAPH in catalogue:
            response.headers.add("Link", f"<{GRAPH}>; rel=preload; as=script")
    return response
