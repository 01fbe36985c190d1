"""Whatever people wrote, the pages show it and run none of it: every page of a workspace in which every text is hostile."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.clock import utc_now
from data.database import migrate
from data.demonstration import PASSWORD as DEMONSTRATION_PASSWORD
from data.demonstration import load
from data.incidents import open_incident
from data.notes import add_note
from data.people import grant
from layouts.pages import ADMIN_TABS, BOARDS, PRIVACY_TABS, REPORTS
from models.audit import COMMAND
from models.conversation import Contact, Conversation
from models.incidents import Incident
from models.people import User
from models.permissions import BUILT_IN_ROLES
from models.workspace import Workspace
from tests.browser.conftest import HYDRATED, Place
from tests.hostile import RAN, poison, tables_with_rows
from tests.programs import Served
from tests.rows import open_database, scope_of

HISTORY = timedelta(hours=30)
SLUG, WHO = "northshire", "jokafor"
FEW = (
    "/queue",
    "/conversation/",
    "/incidents/",
    "/shift",
    "/reports/topics",
    "/admin/rules",
    "/admin/accounts",
    "/audit",
)
"""The pages with the most of other people's words: always; the others with ``--proof``."""


@pytest.fixture
def poisoned(tmp_path):
    """A day of the demonstration, every text in it hostile, and somebody with every role there is."""
    url = f"sqlite:///{tmp_path / 'watchroom.db'}"
    migrate(url)
    database = open_database(url)
    load(database, utc_now, lambda what, share: None, HISTORY)
    with database.read() as db:
        home = db.scalars(select(Workspace.id).where(Workspace.slug == SLUG)).one()
        who = db.scalars(select(User.id).where(User.sign_in == WHO)).one()
    for role in sorted(set(BUILT_IN_ROLES) - {"Supervisor"}):
        grant(database, home, who, role, utc_now(), COMMAND)
    scope = scope_of(home, who, "Supervisor", SLUG)
    with database.read() as db:
        said = db.scalars(
            select(Conversation.id).where(Conversation.workspace_id == home).order_by(Conversation.id)
        ).first()
    add_note(database, scope, said, "The caller is known here", utc_now())
    open_incident(database, scope, "Fire", "NSP-1", [said], utc_now())
    assert poison(database, home, utc_now()) > 300
    served = Served(url, tmp_path)
    yield Place(database, served.address, home, SLUG, WHO)
    served.stop()
    database.close()


def paths(place):
    """Every page, and one of each that is about one thing."""
    with place.database.read() as db:
        keys = {
            name: db.scalar(select(entity.id).where(entity.workspace_id == place.workspace_id).limit(1))
            for name, entity in (("conversation", Conversation), ("incidents", Incident), ("contacts", Contact))
        }
    return [
        *("/queue", "/incidents", "/shift", "/accounts", "/alarms", "/experts", "/notifications", "/audit", "/me"),
        *(f"/wallboard/{board}" for board, _ in BOARDS),
        *(f"/reports/{report}" for report, _ in REPORTS),
        *(f"/admin/{tab}" for tab, _ in ADMIN_TABS),
        *(f"/privacy/{tab}" for tab, _ in PRIVACY_TABS),
        *(f"/{page}/{keys['conversation']}" for page in ("conversation", "trail")),
        f"/incidents/{keys['incidents']}",
        f"/privacy/contacts?contact={keys['contacts']}",
    ]


def test_no_text_of_anybody_runs_on_any_page(poisoned, visit, request):
    assert tables_with_rows(poisoned.database, poisoned.workspace_id) >= {
        "message",
        "contact",
        "incident",
        "note",
        "rule",
    }
    page = visit()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(poisoned.at("/queue"))
    page.fill("[name=sign_in]", WHO)
    page.fill("[name=password]", DEMONSTRATION_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/queue*")
    everything = request.config.getoption("--proof")
    wrong = []
    for path in [one for one in paths(poisoned) if everything or one.startswith(FEW)]:
        place, _, query = path.partition("?")
        answer = page.goto(poisoned.at(place, f"&{query}"))
        if path != "/me":
            page.wait_for_function(HYDRATED)
            page.wait_for_function("() => !document.querySelector('[data-dash-is-loading=true]')")
        if answer.status != 200 or page.evaluate(f"window.{RAN}") is not None or asked:
            wrong.append(f"{path}: {answer.status}, ran: {page.evaluate(f'window.{RAN}')}, asked: {asked}")
        if page.get_by_text("Something went wrong").count():
            wrong.append(f"{path}: a fault is shown")
    assert wrong == []
