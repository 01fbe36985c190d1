"""An alarm arrives while somebody works: the notice says so, and one key takes it, in the notice and in the list."""

from playwright.sync_api import expect


def test_an_alarm_arrives_and_one_key_takes_it(north, visit):
    page = north.sign_in(visit(), "/queue")
    number = page.locator(".alarmed-for .unread")
    notice = page.locator("[data-alarm-calls]")
    expect(notice).to_have_count(0)
    north.ring("Knives")
    expect(notice).to_contain_text("A rule calls you: Knives")
    expect(number).to_have_text("! 1")
    page.keyboard.press("!")
    expect(notice).to_have_count(0)
    expect(number).to_have_count(0)

    page.keyboard.press("g")
    page.keyboard.press("l")
    rows = page.locator("#alarms .called.is-unread")
    expect(page.locator("#alarms")).to_contain_text("No alarm is open")
    north.ring("Flood", "Fire", "Bridge")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_contain_text("Fire")
    page.keyboard.press("!")
    expect(rows.filter(has_text="Fire")).to_have_count(0)
    expect(rows).to_have_count(2)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("!")
    expect(rows.filter(has_text="Bridge")).to_have_count(0)
    expect(rows).to_have_count(1)
