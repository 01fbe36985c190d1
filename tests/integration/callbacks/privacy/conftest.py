"""Personal data as its pages drive it: one callback, told which act, on what, with which fields."""

import pytest

from tests.rows import add_member
from tests.visits import Visitor

OUTPUTS = ("privacy-body", "privacy-proof")


class Officer(Visitor):
    """A visitor who presses buttons of the pages of personal data. ``tab`` says where they are."""

    tab = "contacts"

    def press(self, act, of="", fields=None, query=""):
        """What a press drew and said, as text."""
        return self._asked({"act": act, "of": str(of), "fields": fields or {}, "count": 1}, query, "privacy-act.data")

    def look(self, query=""):
        """The tab drawn again at another query."""
        return self._asked(None, query, "url.search")

    def _asked(self, sent, query, changed):
        search = f"?workspace=north{query}"
        at = {"id": "url", "property": "search", "value": search}
        body = {
            "output": "..privacy-body.children...privacy-proof.children..",
            "outputs": [{"id": one, "property": "children"} for one in OUTPUTS],
            "inputs": [{"id": "privacy-act", "property": "data", "value": sent}, at],
            "state": [{"id": "url", "property": "pathname", "value": f"/privacy/{self.tab}"}, at],
            "changedPropIds": [changed],
        }
        return Answer(self.call(body))


class Answer:
    def __init__(self, response):
        self.status = response.status_code
        told = response.json if response.status_code == 200 else {}
        self.sides = told.get("sideUpdate", {})
        self.notice = str(self.sides.get("notice", {}).get("children", ""))
        self.body = str(told.get("response", {}).get("privacy-body", {}).get("children", ""))


@pytest.fixture
def settings(settings):
    """Administrators of these tests come months later, and owe no second factor: see ``test_me`` for those who do."""
    return settings.model_copy(update={"second_factor": "off"})


@pytest.fixture
def engage(server, database, north):
    """Makes somebody with a role and signs them in."""

    def one(name="rosa", role="Records officer"):
        add_member(database, north, name, role)
        visitor = Officer(server)
        assert visitor.sign_in(name).status_code == 302
        visitor.open("/wallboard/main?workspace=north")
        return visitor

    return one


@pytest.fixture
def rosa(engage):
    """The records officer of the north."""
    return engage()
