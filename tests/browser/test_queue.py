"""A shift at the queue: with the keyboard alone, beside colleagues, while new messages keep coming."""

import re

import pytest
from playwright.sync_api import expect

ROWS = "#queue-rows tr[data-row]"
FOCUSED = "document.activeElement.closest('tr')?.dataset.id"
PRESS_AT = """(instant) => {
  const button = document.querySelector("[data-key=c] button, button[data-key=c]");
  setTimeout(() => button.click(), instant - Date.now());
}"""
"""Two browsers press at one instant: pressed one after the other, the second has often heard of the first already."""


def row(page, key):
    return page.locator(f"{ROWS}[data-id='{key}']")


def order(page):
    return page.locator(ROWS).evaluate_all("(rows) => rows.map((row) => Number(row.dataset.id))")


@pytest.fixture
def desk(north, visit):
    """Three messages wait, the oldest first; an operator has the queue open."""
    keys = [north.receive(text, minutes_ago=ago) for text, ago in (("First", 90), ("Second", 60), ("Third", 30))]
    return north.sign_in(visit(), "/queue"), keys


def test_a_new_message_joins_the_queue_where_it_belongs(desk, north):
    page, keys = desk
    new = north.receive("Is the bridge open?")
    expect(row(page, new)).to_contain_text("Is the bridge open?")
    assert order(page) == [*keys, new]


def test_j_and_k_move_enter_opens(desk):
    page, keys = desk
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == str(keys[0])
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == str(keys[1])
    page.keyboard.press("Enter")
    expect(page.locator("#queue-panel .message")).to_contain_text("Second")
    expect(row(page, keys[1])).to_have_attribute("aria-current", "true")
    assert f"c={keys[1]}" in page.url


def test_c_claims_and_x_gives_back(desk, north):
    page, keys = desk
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#queue-panel")).to_contain_text("Nobody is answering.")
    page.keyboard.press("c")
    expect(page.locator("#queue-panel")).to_contain_text("You are answering, since")
    expect(row(page, keys[0]).locator(".col-holder")).to_have_text("you")
    expect(page.get_by_role("status")).to_have_text("You are answering this conversation.")
    page.keyboard.press("x")
    expect(page.locator("#queue-panel")).to_contain_text("Nobody is answering.")
    expect(row(page, keys[0]).locator(".col-holder")).to_have_text("nobody")


def test_two_browsers_race_and_the_loser_is_told_who_won(desk, north, visit):
    ann, keys = desk
    ben = north.sign_in(visit(), "/queue", who=north.hire("ben"))
    for page in (ann, ben):
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#queue-panel")).to_contain_text("Nobody is answering.")
    together = ann.evaluate("Date.now()") + 500
    for page in (ann, ben):
        page.evaluate(PRESS_AT, together)
    panels = [page.locator("#queue-panel .panel-holding") for page in (ann, ben)]
    for panel in panels:
        expect(panel).not_to_have_text("Nobody is answering.")
    said = [panel.inner_text() for panel in panels]
    won = [text.startswith("You are answering") for text in said]
    assert sorted(won) == [False, True]
    loser, winner = (ann, f"Ben-{north.slug.title()}") if won[1] else (ben, north.operator.title())
    assert said[won.index(False)].lower().startswith(f"{winner} is answering".lower())
    expect(loser.locator("#alarm, #notice").filter(has_text=re.compile(winner, re.IGNORECASE))).to_be_visible()


def test_what_a_colleague_takes_says_so_where_it_stands(desk, north, visit):
    page, keys = desk
    page.keyboard.press("j")
    ben = north.sign_in(visit(), "/queue", who=north.hire("ben"))
    ben.keyboard.press("j")
    ben.keyboard.press("j")
    ben.keyboard.press("Enter")
    expect(ben.locator("#queue-panel")).to_contain_text("Nobody is answering.")
    ben.keyboard.press("c")
    expect(row(page, keys[1]).locator(".col-holder")).to_have_text(re.compile("ben", re.IGNORECASE))
    assert order(page) == keys


def test_the_row_under_focus_stays_and_n_brings_what_came(desk, north):
    page, keys = desk
    page.keyboard.press("j")
    page.keyboard.press("j")
    before = row(page, keys[1]).bounding_box()
    older = [north.receive(f"Earlier {number}", minutes_ago=200) for number in range(3)]
    expect(page.locator("#queue-new")).to_have_text(re.compile("3 new, press N"))
    assert row(page, keys[1]).bounding_box() == before
    assert page.evaluate(FOCUSED) == str(keys[1])
    assert order(page) == keys
    page.keyboard.press("N")
    expect(page.locator("#queue-new")).to_be_hidden()
    expect(page.locator(ROWS)).to_have_count(6)
    assert order(page) == [*older, *keys]


def test_filters_stand_in_the_address_and_survive_a_reload(desk, north):
    page, keys = desk
    page.get_by_label("Channel").select_option("x")
    page.wait_for_url("**channel=x*")
    page.get_by_label("Grade").select_option("emergency")
    page.wait_for_url("**grade=emergency*")
    expect(page.locator(ROWS)).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Channel")).to_have_value("x")
    expect(page.get_by_label("Grade")).to_have_value("emergency")
    expect(page.locator(".rows-empty")).to_be_visible()


def test_the_back_button_undoes_a_view_and_closes_a_conversation(desk):
    page, keys = desk
    page.get_by_role("link", name=re.compile("^Mine")).click()
    page.wait_for_url("**view=mine*")
    expect(page.locator(ROWS)).to_have_count(0)
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#queue-panel .message")).to_be_visible()
    page.go_back()
    expect(page.locator("#queue-panel")).to_contain_text("Choose a conversation")
    assert "c=" not in page.url


def test_pages_change_by_keys_alone(desk):
    page, _ = desk
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page.locator("#wallboard")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accounts")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.locator(ROWS)).to_have_count(3)


def test_eighteen_rows_stand_on_one_screen_and_none_wraps(north, visit):
    for number in range(20):
        north.receive("A long message about the road works at the roundabout " * 6, minutes_ago=number)
    page = north.sign_in(visit(), "/queue")
    expect(page.locator(ROWS)).to_have_count(20)
    heights = page.locator(ROWS).evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().height)")
    assert max(heights) - min(heights) < 1
    seen = page.locator(ROWS).evaluate_all(
        """(rows) => { const holder = document.querySelector('#queue-list').getBoundingClientRect();
        return rows.filter((row) => row.getBoundingClientRect().bottom <= holder.bottom).length }"""
    )
    assert seen >= 18
    lines = page.locator(f"{ROWS} .cut").evaluate_all(
        "(cells) => cells.map((cell) => cell.getBoundingClientRect().height / parseFloat(getComputedStyle(cell).lineHeight))"
    )
    assert max(lines) < 1.5


def test_on_a_phone_one_thing_shows_at_a_time(north, visit):
    key = north.receive("Is the library open on Sunday?")
    page = north.sign_in(visit(390, 844, has_touch=True, is_mobile=True), "/queue")
    expect(page.locator("#queue-panel")).to_be_hidden()
    row(page, key).locator("a").tap()
    expect(page.locator("#queue-panel .message")).to_be_visible()
    expect(page.locator("#queue-list")).to_be_hidden()
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name=re.compile("Back|Close|Queue")).last.tap()
    expect(row(page, key)).to_be_visible()
    expect(page.locator("#queue-panel")).to_be_hidden()
    assert_no_sideways_scroll(page)


def test_at_four_hundred_per_cent_everything_is_within_reach(north, visit):
    key = north.receive("Is the library open on Sunday?")
    page = north.sign_in(visit(480, 270), "/queue")
    assert_no_sideways_scroll(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#queue-panel .message")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#queue-panel")).to_contain_text("You are answering")
    claimed = page.get_by_role("button", name=re.compile("Release"))
    claimed.scroll_into_view_if_needed()
    expect(claimed).to_be_in_viewport()
    assert_no_sideways_scroll(page)
    assert key


def assert_no_sideways_scroll(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_focus_stays_on_what_is_drawn_again_and_goes_on_to_the_next_action(desk, north):
    page, keys = desk
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    claim = page.get_by_role("button", name="Claim")
    claim.focus()
    north.receive("Somebody else")
    expect(page.locator(ROWS)).to_have_count(4)
    expect(claim).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Release")).to_be_focused()


def test_a_thread_opens_at_its_newest_message_and_stays_where_it_is_read(north, visit):
    key = north.receive("A very long story.\n" * 200)
    page = north.sign_in(visit(), "/queue", f"&c={key}")
    thread = page.locator("#queue-panel .thread")
    assert thread.evaluate("(one) => one.scrollTop") > 0
    thread.evaluate("(one) => one.scrollTo(0, 321)")
    north.receive("Somebody else")
    expect(page.locator(ROWS)).to_have_count(2)
    assert thread.evaluate("(one) => one.scrollTop") == 321
