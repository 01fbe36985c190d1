"""A security key in a real browser: added on one's own page, then shown when signing in. The key is Chromium's virtual one."""

import re

import pyotp
from playwright.sync_api import expect

from data.clock import utc_now
from tests.rows import PASSWORD

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def sign_in(page, home, north):
    page.goto(f"{home}/sign-in?next=/me")
    page.fill("[name=sign_in]", north.operator)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def test_a_key_is_added_and_signs_in_in_place_of_a_code(page, north, axe):
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    home = north.address.replace("127.0.0.1", "localhost")
    sign_in(page, home, north)
    page.fill("#factor_password", PASSWORD)
    page.get_by_role("button", name="Set up").click()
    secret = page.locator("code.secret").inner_text()
    page.fill("#code", pyotp.TOTP(secret).at(int(utc_now().timestamp())))
    page.get_by_role("button", name="Confirm").click()
    page.fill("#key_name", "Blue key")
    page.fill("#key_password", "not my password")
    page.get_by_role("button", name="Add a security key").click()
    expect(page.locator("[data-said]")).to_contain_text("do not go together")
    page.fill("#key_password", PASSWORD)
    page.get_by_role("button", name="Add a security key").click()
    expect(page.get_by_role("button", name="Remove Blue key")).to_be_visible()
    assert axe(page) == []
    page.context.clear_cookies()
    sign_in(page, home, north)
    expect(page).to_have_url(re.compile("/sign-in/code"))
    assert axe(page) == []
    page.get_by_role("button", name="Use a security key").click()
    expect(page).to_have_url(f"{home}/me")
    expect(page.get_by_text("last used").first).to_be_visible()
