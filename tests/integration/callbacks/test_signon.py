"""Single sign-on: to a provider and back, and what is refused on the way."""

from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from pydantic import SecretStr
from sqlalchemy import select

from app import create_app
from callbacks.house import KEY
from data import oidc
from models.people import Membership, Role, User
from models.problems import BadSetting
from tests.rows import NOW, add_user
from tests.visits import Visitor

ISSUER = "https://id.example"
GROUPS = "desk = north: Operator; leads = north: Supervisor; chiefs = north: Administrator"
OURS = RSAKey.generate_key(2048, {"kid": "ours"})
OTHERS = RSAKey.generate_key(2048, {"kid": "ours"})
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
}


@pytest.fixture
def door(settings, clock, monkeypatch):
    """The program with a provider; ``door.claims`` is what the provider says, signed with ``door.key``."""
    server = create_app(
        settings.model_copy(
            update={
                "oidc_issuer": ISSUER,
                "oidc_client_id": "watchroom",
                "oidc_client_secret": SecretStr("s"),
                "oidc_groups": GROUPS,
            }
        ),
        clock,
    )
    found = Door(server, clock)
    monkeypatch.setattr(oidc, "_json", lambda address, _headers=None: found.answers[address])
    monkeypatch.setattr(oidc, "_tokens", found.tokens)
    yield found
    server.extensions[KEY].database.close()


class Door:
    def __init__(self, server, clock):
        self.visitor = Visitor(server)
        self.key, self.algorithm, self.changes, self.verifiers = OURS, "RS256", {}, []
        self.answers = {
            f"{ISSUER}{oidc.FOUND}": METADATA,
            f"{ISSUER}/jwks": {"keys": [OURS.as_dict(private=False)]},
        }
        now = int(clock.now.timestamp())
        self.claims = {
            "iss": ISSUER, "aud": "watchroom", "sub": "u-1", "exp": now + 300, "iat": now, "preferred_username": "bea",
            "name": "Bea Long", "groups": ["desk", "chiefs", "unknown"],
        }  # fmt: skip

    def tokens(self, _provider, _known, trip, _code):
        self.verifiers.append(trip.verifier)
        claims = {"nonce": trip.nonce} | self.claims | self.changes
        return {
            "id_token": jwt.encode(
                {"alg": self.algorithm, "kid": "ours"}, claims, self.key, algorithms=[self.algorithm]
            )
        }

    def sign_in(self, **answer):
        self.asked = parse_qs(urlsplit(self.visitor.get("/sign-in/oidc?next=/queue").headers["Location"]).query)
        told = {"code": "c", "state": self.asked["state"][0]} | answer
        return self.visitor.get("/oidc/callback?" + "&".join(f"{name}={value}" for name, value in told.items()))


def roles(database):
    with database.read() as db:
        return sorted(db.scalars(select(Role.name).join(Membership, Membership.role_id == Role.id)))


def test_somebody_whom_the_provider_vouches_for_comes_in_with_the_roles_of_their_groups(door, database, north):
    assert door.sign_in().headers["Location"] == "/queue"
    assert door.asked["code_challenge_method"] == ["S256"]
    assert len(door.asked["nonce"][0]) > 40
    assert door.visitor.get("/queue?workspace=north").status_code == 200
    assert roles(database) == ["Operator"]
    door.claims |= {"groups": ["leads"], "preferred_username": "beatrice"}
    door.visitor.sign_out()
    assert door.sign_in().status_code == 302
    assert roles(database) == ["Supervisor"]
    with database.read() as db:
        assert [(one.sign_in, one.installation_administrator) for one in db.scalars(select(User))] == [("bea", False)]
    door.visitor.sign_out()
    assert door.visitor.sign_in("bea", "any password at all").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"aud": ["watchroom", "other"]},
        {"nonce": "another"},
        {"exp": int(NOW.timestamp()) - 3600},
        {"iat": int(NOW.timestamp()) + 3600},
        {"sub": None},
        {"sub": 7},
    ],
    ids=lambda one: "-".join(one),
)
def test_a_token_that_says_something_else_is_refused(door, database, north, changes):
    door.changes = changes
    assert door.sign_in().status_code == 403
    assert door.visitor.get("/queue?workspace=north").status_code == 302


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (OTHERS, "RS256"),
        (OctKey.import_key("s" * 32), "HS256"),
        (ECKey.generate_key("P-256", {"kid": "ours"}), "ES256"),
    ],
    ids=["another key", "our own secret", "another kind"],
)
def test_a_token_that_somebody_else_signed_is_refused(door, north, key, algorithm):
    door.key, door.algorithm = key, algorithm
    assert door.sign_in().status_code == 403


def test_a_token_without_a_signature_is_refused(door, north, monkeypatch):
    monkeypatch.setattr(oidc, "_tokens", lambda *_: {"id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTEifQ."})
    assert door.sign_in().status_code == 403


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(door, north):
    assert door.sign_in(state="another").status_code == 403
    assert door.visitor.get("/oidc/callback?code=c&state=x").status_code == 403
    assert door.sign_in(iss="https://evil.example").status_code == 403
    assert door.sign_in(code="").status_code == 403
    assert len(door.verifiers) == 0


def test_a_provider_that_is_another_one_is_not_asked(door, north):
    door.answers[f"{ISSUER}{oidc.FOUND}"] = METADATA | {"issuer": "https://evil.example"}
    assert door.visitor.get("/sign-in/oidc").status_code == 403


def test_a_name_that_somebody_has_and_somebody_disabled_are_refused(door, database, north):
    add_user(database, "bea", disabled=True)
    assert door.sign_in().status_code == 403
    door.claims |= {"preferred_username": "two words"}
    assert door.sign_in().status_code == 403
    door.claims |= {"preferred_username": "cal"}
    assert door.sign_in().status_code == 302
    from data.people import disable_user
    from models.audit import COMMAND

    disable_user(database, 2, NOW, COMMAND)
    assert door.sign_in().status_code == 401


def test_without_a_provider_there_is_no_such_page(visitor):
    assert visitor.get("/sign-in/oidc").status_code == 404
    assert "/sign-in/oidc" not in visitor.get("/sign-in").text


def test_what_groups_mean_is_said_in_one_line():
    from data.signon import groups_of

    assert groups_of("a = north: Operator; a = south: Analyst;") == {"a": {("north", "Operator"), ("south", "Analyst")}}
    for wrong in ("a", "a=north", "=north:Operator", "a=:Operator"):
        with pytest.raises(BadSetting):
            groups_of(wrong)
