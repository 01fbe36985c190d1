"""Administration as its pages drive it: one callback, told which act, on what, with which fields."""

import pytest

from tests.rows import add_member, add_user
from tests.visits import Visitor

OUTPUTS = ("admin-body", "admin-proof")


class Administrator(Visitor):
    """A visitor who presses buttons of administration. ``slug`` and ``tab`` say where they are."""

    slug = "north"
    tab = "users"

    def press(self, act, of="", fields=None, query="", **changes):
        """The answer of a press: ``body`` and ``notice`` are what it drew and said, as text."""
        search = f"?workspace={self.slug}{query}"
        sent = {"act": act, "of": str(of), "fields": fields or {}, "count": 1} | changes
        return Answer(self.call(request(sent, search, f"/admin/{self.tab}", ["admin-act.data"])))

    def again(self, name):
        """Sign in once more, as after a night."""
        assert self.sign_in(name).status_code == 302
        self.open(f"/wallboard/main?workspace={self.slug}")

    def look(self, query=""):
        """The tab drawn again at another query."""
        return Answer(self.call(request(None, f"?workspace={self.slug}{query}", f"/admin/{self.tab}", ["url.search"])))


class Answer:
    def __init__(self, response):
        self.status = response.status_code
        told = response.json if response.status_code == 200 else {}
        self.sides = told.get("sideUpdate", {})
        self.notice = str(self.sides.get("notice", {}).get("children", ""))
        self.body = str(told.get("response", {}).get("admin-body", {}).get("children", ""))


def request(sent, search, path, changed):
    return {
        "output": "..admin-body.children...admin-proof.children..",
        "outputs": [{"id": one, "property": "children"} for one in OUTPUTS],
        "inputs": [
            {"id": "admin-act", "property": "data", "value": sent},
            {"id": "url", "property": "search", "value": search},
        ],
        "state": [
            {"id": "url", "property": "pathname", "value": path},
            {"id": "url", "property": "search", "value": search},
        ],
        "changedPropIds": changed,
    }


@pytest.fixture
def settings(settings):
    """What the tabs do weeks later is looked at by people who owe no second factor: see ``test_me`` for those who do."""
    return settings.model_copy(update={"second_factor": "off"})


@pytest.fixture
def employ(server, database):
    """Makes somebody with a role and signs them in, with the administration of the north open."""

    def one(workspace_id, name="tom", role="Administrator", slug="north"):
        if role:
            add_member(database, workspace_id, name, role)
        else:
            add_user(database, name, installation_administrator=True)
        visitor = Administrator(server)
        visitor.slug = slug
        assert visitor.sign_in(name).status_code == 302
        visitor.open(f"/wallboard/main?workspace={slug}")
        return visitor

    return one


@pytest.fixture
def tom(north, employ):
    """The administrator of the north."""
    return employ(north)


@pytest.fixture
def gwen(north, employ):
    """The installation administrator, without a role anywhere."""
    return employ(north, "gwen", "")
