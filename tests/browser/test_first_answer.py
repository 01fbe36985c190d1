"""The first answer holds the page: what happens while Dash still learns what its callbacks are is not lost."""

from playwright.sync_api import expect

KNOWS_THE_PAGE = (
    "() => { try { return dash_component_api.getLayout('live-queue') !== undefined } catch { return false } }"
)


def test_what_is_heard_before_dash_knows_its_callbacks_is_shown_once_it_does(north, visit):
    north.receive("The first message")
    seen = north.sign_in(visit(), "/queue")
    late = seen.context.new_page()
    held = []
    late.route("**/_dash-dependencies", lambda route: held.append(route))
    late.goto(north.at("/queue"), wait_until="commit")
    late.wait_for_function(KNOWS_THE_PAGE)
    north.receive("What came in between")
    # Both pages of this browser hear the same stream: what the other one shows has reached this one.
    seen.bring_to_front()
    expect(seen.get_by_text("What came in between")).to_be_visible()
    late.bring_to_front()
    late.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    for route in held:
        route.continue_()
    expect(late.get_by_text("The first message")).to_be_visible()
    expect(late.get_by_text("What came in between")).to_be_visible()


def test_a_charts_table_is_made_when_somebody_opens_it(north, visit):
    page = north.sign_in(visit(), "/wallboard/main")
    holder = page.locator("#wall-inbound-table")
    expect(holder).to_be_empty()
    page.locator("summary", has_text="Table").click()
    expect(holder.locator("table")).to_be_visible()
