"""A reply by keyboard alone: claim, write, choose a template, be asked, confirm, send, undo; nothing is lost by a reload."""

import re

from playwright.sync_api import expect

TEXT = ".composer textarea"


def open_claimed(north, page, text="Is anybody there?"):
    key = north.receive(text)
    north.sign_in(page, f"/conversation/{key}")
    expect(page.locator(".composer-why")).to_contain_text("Claim it to reply")
    expect(page.locator(".composer-foot .button-first")).to_be_disabled()
    page.keyboard.press("c")
    expect(page.locator(f"{TEXT}:not([readonly])")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator(TEXT)).to_be_focused()
    return key


def test_a_reply_is_written_asked_about_confirmed_sent_and_taken_back_without_a_mouse(north, visit, axe):
    page = visit()
    open_claimed(north, page)
    page.keyboard.type("Ring 07700 900123. ")
    expect(page.locator(".meter-fine")).to_have_text("261 of 280 characters left")
    page.keyboard.press("Control+.")
    expect(page.locator("#composer-filter")).to_be_focused()
    assert axe(page) == []
    page.keyboard.type("relay")
    expect(page.locator(".template:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    expect(page.locator(TEXT)).to_have_value(re.compile("^Ring 07700 900123. If you are deaf .* register to 999.$"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("Look again before this goes out: a telephone number")
    confirm = page.get_by_label("It holds a telephone number: “07700 900123”")
    confirm.focus()
    page.keyboard.press("Space")
    page.locator(TEXT).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-undo]")).to_be_focused()
    expect(page.locator(TEXT)).to_have_value("")
    assert axe(page) == []
    page.keyboard.press("z")
    expect(page.locator(TEXT)).to_be_focused()
    expect(page.locator(TEXT)).to_have_value(re.compile("^Ring 07700 900123"))
    expect(page.locator(".outgoing.is-gone")).to_contain_text("Taken back: it was not sent.")


def test_words_survive_a_reload_and_a_server_that_is_away(north, page):
    key = open_claimed(north, page)
    page.keyboard.type("We are on")
    expect(page.locator("#composer-kept")).to_contain_text("Draft kept")
    page.context.set_offline(True)
    page.keyboard.type(" our way")
    page.context.set_offline(False)
    page.goto(north.at(f"/conversation/{key}"))
    expect(page.locator(TEXT)).to_have_value("We are on our way")
