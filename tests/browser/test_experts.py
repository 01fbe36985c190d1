"""An expert is asked for by keyboard, and the one who is called answers with one key wherever they are."""

from playwright.sync_api import expect

from data.clock import utc_now
from data.experts import keep_skill, sign_on
from models.permissions import BUILT_IN_ROLES, Scope
from tests.rows import add_member


def test_an_expert_is_asked_for_and_comes_by_one_key(north, visit, axe):
    name = f"eve-{north.slug}"
    eve = add_member(north.database, north.workspace_id, name, "Operator", utc_now())
    boss = Scope(north.workspace_id, north.slug, BUILT_IN_ROLES["Supervisor"], eve, "Eve")
    keep_skill(north.database, boss, eve, "Arabic speaker", None, utc_now())
    sign_on(north.database, boss, utc_now())
    key = north.receive("السلام عليكم")

    expert = north.sign_in(visit(), "/queue", who=name)
    page = north.sign_in(visit(), f"/conversation/{key}")
    page.keyboard.press("E")
    page.locator("#expert-skill").select_option("Arabic speaker")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("An expert is called.")

    call = expert.locator("[data-alarm-calls]")
    expect(call).to_contain_text("You are asked for as an expert: Arabic speaker")
    assert axe(expert) == []
    expert.keyboard.press("!")
    expect(call).to_have_count(0)
    expect(page.locator("#panel-thread")).to_contain_text("came as the expert (Arabic speaker)")
    expert.goto(north.at("/experts"))
    expect(expert.locator("#experts")).to_contain_text("has it since")
    assert axe(expert) == []
