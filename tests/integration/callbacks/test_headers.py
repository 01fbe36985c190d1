"""What every answer says about itself."""

import pytest

from app import create_app
from callbacks.house import KEY
from data.settings import load_settings
from tests.visits import Visitor

PATHS = ["/sign-in", "/nope", "/_dash-layout", "/queue", "/assets/vendor/bootstrap.min.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(visitor, path):
    headers = visitor.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert policy["script-src"].startswith("'self' 'sha256-")
    assert "unsafe" not in policy["script-src"]


def test_scripts_come_from_nowhere_else(ann):
    page = ann.get("/queue?workspace=north").text
    assert "https://" not in page
    assert "http://" not in page


@pytest.mark.parametrize("path", ["/sign-in", "/nope", "/_dash-layout", "/queue?workspace=north", "/queue"])
def test_nothing_private_is_kept_by_a_browser(ann, path):
    assert ann.get(path).headers["Cache-Control"] == "no-store"


def test_public_files_are_the_same_for_everybody(ann):
    answer = ann.get("/assets/vendor/bootstrap.min.css")
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts(ann):
    cookie = ann.client.get_cookie("watchroom")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure


@pytest.fixture
def behind_a_proxy(database_url, tmp_path):
    settings = load_settings(
        {
            "WATCHROOM_DATABASE_URL": database_url,
            "WATCHROOM_VAR": str(tmp_path / "var"),
            "WATCHROOM_PUBLIC_URL": "https://watchroom.example.org",
        }
    )
    made = create_app(settings)
    yield made
    made.extensions[KEY].database.close()


def test_behind_a_proxy_with_tls_everything_is_secure(behind_a_proxy):
    client = behind_a_proxy.test_client()
    answer = client.get("/sign-in", headers={"X-Forwarded-Proto": "https", "Accept": "text/html"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]


def test_without_a_proxy_nobody_is_believed_about_their_address(server, north, database):
    from data.throttle import BY_PAIR

    visitor = Visitor(server)
    token = visitor.form_token()
    for number in range(BY_PAIR + 1):
        answer = visitor.client.post(
            "/sign-in",
            data={"csrf_token": token, "sign_in": "zoe", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
            environ_base=visitor.address,
        )
    assert answer.status_code == 429
