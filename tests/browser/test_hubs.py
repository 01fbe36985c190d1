"""A force with ten hubs and three hundred accounts is set up by one person, on the screens."""

import re

from playwright.sync_api import expect
from sqlalchemy import func, select

from data.clock import utc_now
from data.people import grant
from models.audit import COMMAND
from models.people import User
from models.workspace import Account, Workspace
from tests.rows import add_user

ACCOUNT = "- {{channel: x, connector: replay, handle: '@{name}{number}', owner: 'Hub {number}', purpose: 'What the beat says'}}"


def test_ten_hubs_are_made_from_one_and_three_hundred_accounts_registered_by_a_file(north, visit):
    name = f"gwen-{north.slug}"
    gwen = add_user(north.database, name, utc_now(), installation_administrator=True)
    grant(north.database, north.workspace_id, gwen, "Administrator", utc_now(), COMMAND)
    hubs = [f"{north.slug} hub {number}" for number in range(10)]
    lines = [ACCOUNT.format(name=north.slug, number=number) for number in range(300)]

    page = north.sign_in(visit(), "/admin/workspaces", who=name)
    page.get_by_label("Names, one a line").fill("\n".join(hubs))
    page.get_by_label("They start").select_option(str(north.workspace_id))
    page.get_by_role("button", name="Make them").click()
    expect(page.locator("#notice")).to_contain_text(f"Made: {hubs[0]}")
    expect(page.get_by_role("link", name=hubs[9], exact=True)).to_be_visible()

    page.get_by_role("link", name="Configuration").click()
    page.get_by_label("The file's text").fill("accounts:\n" + "\n".join(lines))
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name=re.compile("Change [0-9,]+ lines")).click()
    expect(page.locator("#notice")).to_contain_text("Changed")

    with north.database.read() as db:
        made = db.scalars(select(Workspace.name).where(Workspace.name.in_(hubs))).all()
        registered = db.scalar(select(func.count()).where(Account.workspace_id == north.workspace_id))
        assert db.get_one(User, gwen).installation_administrator
    assert sorted(made) == hubs
    assert registered >= 300

    for path in ("/accounts", "/admin/accounts"):
        page.goto(north.at(path))
        expect(page.locator("main tbody tr")).to_have_count(registered)
        expect(page.get_by_text(f"@{north.slug}299")).to_be_visible()
