"""Every page is for everybody: axe-core finds nothing on it, in any theme, at any width, with its pop-ups open."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from data.beginning import setup_token
from data.clock import utc_now
from data.database import migrate
from tests.policy import watch_policy
from tests.programs import Served
from tests.rows import add_member, open_database

THEMES = ("dark", "light", "contrast")
WIDTHS = (320, 390, 1366, 1920)
SET_THEME = "(theme) => { document.documentElement.dataset.theme = theme }"
UNFOLD = """(turn) => document.querySelectorAll("details").forEach((one, index) => { one.open = index % 3 === turn })"""

PAGES = {
    "queue": "/queue",
    "queue with a conversation": "/queue",
    "conversation": "/conversation/{}",
    "accounts": "/accounts",
    "alarms": "/alarms",
    "experts": "/experts",
    "main board": "/wallboard/main",
    "board of hours": "/wallboard/hours",
    "board of response": "/wallboard/response",
}


def rotate(number):
    """The themes, each at another width; the next page begins with the next width."""
    return [(theme, WIDTHS[(number + turn) % len(WIDTHS)], turn) for turn, theme in enumerate(THEMES)]


def look(page, axe, number):
    """What axe finds in each theme, with a third of the pop-ups open each time."""
    found = []
    for theme, width, turn in rotate(number):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SET_THEME, theme)
        page.evaluate(UNFOLD, turn)
        found += [f"{theme}, {width} px: {line}" for line in axe(page)]
    return found


@pytest.mark.parametrize(("number", "name"), list(enumerate(PAGES)))
def test_pages_are_accessible(north, visit, axe, number, name):
    key = north.receive("Is the library open on Sunday? " * 12, minutes_ago=70)
    north.receive("A second one")
    if name == "alarms":
        north.ring("Knives", "Flood")
    opened = f"&c={key}" if name.endswith("a conversation") else ""
    page = north.sign_in(visit(), PAGES[name].format(key), opened)
    if "board" in name:
        expect(page.locator(".js-plotly-plot")).to_be_visible()
    found = look(page, axe, number)
    assert not found, "\n".join(found)


def test_pages_with_nothing_to_show_are_accessible(north, visit, axe):
    page = north.sign_in(visit(), "/queue", "&view=closed&c=999999")
    expect(page.locator(".rows-empty")).to_be_visible()
    found = look(page, axe, 3)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("number", "path"),
    list(
        enumerate(
            [
                "/sign-in",
                "/sign-out",
                "/kiosk/unknown",
                "/nowhere",
                "/invitation/unknown",
                "/setup/unknown",
                "/s/unknown",
                "/l/unknown",
            ]
        )
    ),
)
def test_plain_pages_are_accessible(north, visit, axe, number, path):
    page = north.sign_in(visit(), "/accounts") if path == "/sign-out" else visit()
    page.goto(f"{north.address}{path}")
    found = look(page, axe, number)
    assert not found, "\n".join(found)


def test_refusals_are_accessible_and_said_aloud(north, visit, axe):
    page = visit()
    page.goto(f"{north.address}/sign-in")
    page.fill("[name=sign_in]", "nobody")
    page.fill("[name=password]", "not the password")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=sign_in]")).to_have_value("nobody")
    found = look(page, axe, 1)
    assert not found, "\n".join(found)


def test_a_page_that_one_may_not_open_says_so_accessibly(north, visit, axe):
    analyst = f"lewis-{north.slug}"
    add_member(north.database, north.workspace_id, analyst, "Analyst", utc_now())
    page = north.sign_in(visit(), "/accounts", who=analyst)
    assert page.goto(north.at("/queue")).status == 403
    found = look(page, axe, 2)
    assert not found, "\n".join(found)


def test_the_first_run_is_accessible_and_leads_to_the_sign_in_page(visit, axe, tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    migrate(url)
    database = open_database(url)
    token = setup_token(database)
    database.close()
    served = Served(url, tmp_path)
    try:
        page = visit()
        page.goto(f"{served.address}/setup/{token}")
        found = look(page, axe, 0)
        assert not found, "\n".join(found)
        for field, value in {"name": "Gwen", "sign_in": "gwen", "workspace": "Northshire"}.items():
            page.fill(f"[name={field}]", value)
        page.fill("[name=password]", "a long enough password")
        page.fill("[name=again]", "a long enough password")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/sign-in?{urlencode({'made': 'gwen'})}")
    finally:
        served.stop()


def test_whoever_has_the_focus_is_seen(north, visit):
    key = north.receive("Is the library open on Sunday?")
    page = north.sign_in(visit(), "/queue", f"&c={key}")
    unseen = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button:enabled, select, summary, [tabindex='0']")]
        .filter((one) => one.checkVisibility())
        .filter((one) => {
          one.focus({ focusVisible: true });
          const marked = [one, one.closest("tr")].filter(Boolean).map((part) => getComputedStyle(part));
          return !marked.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
        }).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert unseen == []


def test_forced_colours_and_no_motion_hide_no_state(north, visit):
    north.receive("Is the library open on Sunday?")
    page = north.sign_in(visit(forced_colors="active", reduced_motion="reduce"), "/queue")
    shape = page.locator("#queue-rows .shape").first
    expect(shape).to_be_visible()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shape.evaluate("(one) => getComputedStyle(one).backgroundColor") != paper
    moving = page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length")
    assert moving == 0


NASTY = {
    "script": "<script>window.broken = true</script><img src=x onerror='window.broken = true'>",
    "right to left": "\u202eمرحبا هل الطريق مفتوح؟ \u2067abc",
    "unbroken": "w" * 5_000,
    "emoji": "👩🏽‍🚒🔥" * 40,
    "markup of a component": '{"namespace": "dash_html_components", "type": "Script", "props": {"children": "x"}}',
}


def test_a_breach_of_the_content_security_policy_is_caught(north, browser):
    broken = []
    context = browser.new_context()
    watch_policy(context, broken)
    page = north.sign_in(context.new_page(), "/queue")
    assert broken == []
    page.evaluate(PLANTED)
    page.wait_for_function("window.asked === true")
    context.close()
    assert [one.split()[3] for one in broken] == ["script-src-elem", "img-src"]


PLANTED = """() => {
  addEventListener("securitypolicyviolation", (event) => { window.asked = event.violatedDirective === "img-src" })
  document.head.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" }))
  document.body.append(Object.assign(document.createElement("img"), { src: "http://192.0.2.1/x.png" }))
}"""
"""The planted bug: a script in the page, and a picture from another host."""


@pytest.mark.parametrize("width", [390, 1920])
def test_text_from_outside_is_only_ever_text(north, visit, width):
    keys = {name: north.receive(text) for name, text in NASTY.items()}
    page = north.sign_in(visit(width), "/queue")
    rows = page.locator("#queue-rows tr[data-row]")
    expect(rows).to_have_count(len(NASTY))
    heights = rows.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
    assert max(heights) < 140
    for name, key in keys.items():
        page.goto(north.at("/queue", f"&c={key}"))
        text = page.locator("#queue-panel .message-text")
        expect(text).to_be_visible()
        shown = text.inner_text()
        assert shown.startswith(NASTY[name].lstrip("\u202e")[:20]), name
        assert not any(0x202A <= ord(letter) <= 0x202E for letter in shown)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate("window.broken") is None
