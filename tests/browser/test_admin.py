"""Administration in a real browser: somebody is asked in by keyboard, comes, and is shown out; every tab is for everybody."""

import re

import pytest
from playwright.sync_api import expect

from layouts.pages import ADMIN_TABS
from tests.browser.test_access import SET_THEME, THEMES, WIDTHS
from tests.rows import PASSWORD

NEWCOMER = "a long enough sentence"


def test_a_colleague_is_asked_in_comes_and_is_shown_out(north, visit):
    admin = north.sign_in(visit(), "/admin/users", who=north.hire("tom", "Administrator"))
    admin.get_by_label("Name colleagues see").focus()
    admin.keyboard.type("Bea Long")
    admin.keyboard.press("Tab")
    admin.keyboard.type(f"bea-{north.slug}")
    invite = admin.locator("[data-form='users.invite']")
    invite.get_by_label("Operator").focus()
    admin.keyboard.press("Space")
    admin.get_by_label("Name colleagues see").focus()
    admin.keyboard.press("Enter")
    link = admin.get_by_role("textbox", name="Invitation link").input_value()
    expect(admin.locator("#notice")).to_contain_text("The invitation is made")
    expect(admin.locator("#admin")).to_contain_text("Invitations that still work")

    bea = visit(390, 844)
    bea.goto(f"{north.address}/invitation/{link.rpartition('/')[2]}")
    bea.fill("[name=password]", NEWCOMER)
    bea.fill("[name=again]", NEWCOMER)
    bea.keyboard.press("Enter")
    bea.wait_for_url(re.compile("/sign-in"))
    bea.fill("[name=password]", NEWCOMER)
    bea.press("[name=password]", "Enter")
    expect(bea.locator("#queue-rows")).to_be_visible()
    bea.goto("about:blank")  # what an open page asks from then on is refused, and rightly lands in its console

    admin.reload()
    admin.get_by_role("link", name="Bea Long").click()
    admin.get_by_role("button", name="Disable").click()
    expect(admin.locator("#notice")).to_contain_text("signed out everywhere")
    bea.goto(north.at("/queue"))
    expect(bea.get_by_label("Password")).to_be_visible()
    admin.get_by_role("button", name="Undo").click()
    expect(admin.locator("#notice")).to_contain_text("can sign in again")


def test_what_was_typed_stays_when_an_act_is_refused(north, visit):
    page = north.sign_in(visit(), "/admin/roles", who=north.hire("tom", "Administrator"))
    page.get_by_label("Name of the role").fill("Operator")
    page.get_by_role("button", name="Make the role").click()
    expect(page.locator("#notice")).to_contain_text("there is one called that")
    expect(page.get_by_label("Name of the role")).to_have_value("Operator")


def test_every_tab_is_accessible(north, visit, axe):
    page = north.sign_in(visit(), "/admin/users", who=north.hire("tom", "Administrator"))
    found = []
    for number, (tab, title) in enumerate(ADMIN_TABS):
        theme, width = THEMES[number % 3], WIDTHS[number % 4]
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("navigation", name="Administration").get_by_role("link", name=title, exact=True).click()
        expect(page.locator(".tabs [aria-current]")).to_have_text(title)
        page.evaluate(SET_THEME, theme)
        found += [f"{tab}, {theme}, {width} px: {line}" for line in axe(page)]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{tab}: wider than {width} px")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [390, 1366])
def test_ones_own_page_is_accessible(north, visit, axe, width):
    page = north.sign_in(visit(width), "/queue")
    page.goto(f"{north.address}/me")
    page.fill("#factor_password", PASSWORD)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    found = axe(page)
    assert not found, "\n".join(found)
