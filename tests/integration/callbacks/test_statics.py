import gzip
import re

import brotli
import dash_bootstrap_components as dbc
import pytest
from dash import Dash, dcc, html
from flask import Flask, render_template_string

from callbacks import statics
from data import bundles, frontend

SHEET = ".tile { color: inherit }\n" * 40
NAME = "/assets/00-tokens.css"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(frontend, "SUITES", {"dash": ("dcc/async-graph.js",)})
    (tmp_path / "assets" / "vendor" / "fonts").mkdir(parents=True)
    (tmp_path / "assets" / "00-tokens.css").write_text(SHEET)
    (tmp_path / "assets" / "vendor" / "plotly-basic.min.js").write_text("/* basic */" * 40)
    (tmp_path / "assets" / "vendor" / statics.FONT).write_bytes(b"wOF2" + bytes(range(200)))
    frontend.compress_all(tmp_path)
    return tmp_path


@pytest.fixture
def browser(root):
    """A server with the public files, a page at every other path, and a guard that refuses what gets past the files."""
    server = Flask("test", static_folder=None)
    statics.register_statics(server, charts=("/wallboard",), root=root)
    server.add_url_rule("/<path:page>", "page", lambda page: f"<p>{page}</p>")
    return server.test_client()


def ask(browser, path, accept="gzip, deflate, br", **headers):
    return browser.get(path, headers={"Accept-Encoding": accept, **headers})


def test_a_browser_that_takes_brotli_gets_brotli(browser):
    answer = ask(browser, NAME)
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.content_type == "text/css; charset=utf-8"
    assert brotli.decompress(answer.data).decode() == SHEET


def test_a_browser_without_brotli_gets_gzip(browser):
    answer = ask(browser, NAME, accept="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == SHEET


@pytest.mark.parametrize("accept", ["", "identity", "br;q=0, gzip;q=0"])
def test_a_browser_that_takes_neither_gets_the_file_as_it_is(browser, accept):
    answer = ask(browser, NAME, accept=accept)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.text == SHEET


def test_each_form_has_a_tag_of_its_own(browser):
    tags = {ask(browser, NAME, accept=accept).headers["ETag"] for accept in ("br", "gzip", "")}
    assert len(tags) == 3


def test_a_file_that_the_browser_has_is_not_sent_again(browser):
    tag = ask(browser, NAME).headers["ETag"]
    again = ask(browser, NAME, **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path", [f"{NAME}?m=1700000000.5", "/_dash-component-suites/dash/dcc/async-graph.v4_4_1m17.js"]
)
def test_an_address_with_a_fingerprint_is_kept_for_a_year(browser, path):
    control = ask(browser, path).headers["Cache-Control"]
    assert control == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", [NAME, frontend.PLOTLY_ADDRESS, "/_dash-component-suites/dash/dcc/async-graph.js"])
def test_an_address_without_a_fingerprint_is_asked_for_each_time(browser, path):
    assert ask(browser, path).headers["Cache-Control"] == "no-cache"


def test_a_font_is_kept_for_a_week_and_not_compressed(browser):
    answer = ask(browser, f"/assets/vendor/{statics.FONT}")
    assert answer.headers["Cache-Control"] == "public, max-age=604800"
    assert answer.content_type == "font/woff2"
    assert "Content-Encoding" not in answer.headers


def test_dash_asks_for_the_full_plotly_and_gets_the_basic_one(browser):
    answer = ask(browser, frontend.PLOTLY_ADDRESS)
    assert brotli.decompress(answer.data).startswith(b"/* basic */")
    assert answer.content_type.startswith("text/javascript")


def test_a_file_that_changed_after_the_build_is_left_to_flask(browser, root):
    (root / "assets" / "00-tokens.css").write_text("changed")
    assert ask(browser, NAME).text == "<p>assets/00-tokens.css</p>"


@pytest.mark.parametrize("path", ["/assets/vendor/catalogue.json", "/assets/../pyproject.toml", "/assets/unknown.css"])
def test_what_was_not_built_is_left_to_flask(browser, path):
    assert ask(browser, path).text.startswith("<p>")


def test_nothing_is_posted_to_a_file(browser):
    assert browser.post(NAME).status_code == 405


def test_a_page_with_charts_names_the_scripts_it_will_need(browser):
    links = ask(browser, "/wallboard/main").headers.getlist("Link")
    assert f"<{statics.GRAPH}>; rel=preload; as=script" in links
    assert len(links) == 2


def test_a_page_has_no_script_that_does_nothing_for_it(ann):
    page = ann.open("/queue?workspace=north").get("/queue?workspace=north").text
    scripts = re.findall(r'<script src="([^"]+)"', page)
    assert len(scripts) >= 8
    assert [one for one in scripts if "polyfill" in one or "dash_table" in one] == []


def test_plotly_is_kept_for_a_year_by_pages_that_draw_at_once():
    script = statics.chart_script()
    assert script.startswith(f"{frontend.PLOTLY_ADDRESS}?m=")


def test_a_page_without_charts_names_only_the_font(browser):
    links = ask(browser, "/queue").headers.getlist("Link")
    assert len(links) == 1
    assert "rel=preload; as=font; type=font/woff2; crossorigin" in links[0]


def test_a_template_gets_the_address_with_its_fingerprint(root):
    server = Flask("test", static_folder=None)
    statics.register_statics(server, root=root)
    with server.app_context():
        address = render_template_string("{{ asset('00-tokens.css') }}")
    assert re.fullmatch(r"/assets/00-tokens\.css\?m=[0-9a-f]{20}", address)


def test_without_a_build_everything_is_left_to_flask(tmp_path):
    server = Flask("test", static_folder=None)
    statics.register_statics(server, charts=("/",), root=tmp_path)
    server.add_url_rule("/<path:page>", "page", lambda page: page)
    answer = ask(server.test_client(), NAME)
    assert (answer.text, answer.headers.getlist("Link")) == (NAME[1:], [])


def test_every_script_of_a_page_of_ours_was_compressed():
    """What Dash puts into a page is what the build compressed: an upgrade that renames a bundle is found here."""
    if not bundles.read_catalogue():
        pytest.fail("nothing is built: run `make front`", pytrace=False)
    app = Dash("test", assets_folder="none", use_async=False, enable_mcp=False)
    app.layout = html.Div([dcc.Graph(), dbc.Input()])
    statics.register_statics(app.server)
    browser = app.server.test_client()
    scripts = re.findall(r'<script src="([^"]+)"', browser.get("/").text)
    assert len(scripts) >= 8
    assert [s for s in scripts if ask(browser, s).headers.get("Content-Encoding") != "br"] == []
