"""Who calls, where nobody does."""

import pytest
from flask import abort
from werkzeug.exceptions import Unauthorized

from callbacks.callers import let_in, scope_at
from callbacks.guard import answer, needs
from models.permissions import Permission
from models.problems import NotSignedIn


@pytest.fixture
def nobody(server, north):
    with server.test_request_context("/"):
        yield


def test_nobody_has_a_scope(nobody):
    with pytest.raises(NotSignedIn):
        scope_at("north")


def test_a_token_that_no_session_has_lets_nobody_in(nobody):
    with pytest.raises(NotSignedIn):
        let_in("kept from somewhere")


def test_a_handler_is_not_reached_by_nobody(nobody):
    handler = needs(Permission.READ)(lambda *_: abort(500))
    with pytest.raises(Unauthorized):
        answer(handler, "?workspace=north")
