"""Who follows a short link, from where, and where one may lead."""

import pytest

from models.problems import BadValue
from models.tracking import Referrer, check_link, is_person, referrer_of

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("", Referrer.UNKNOWN),
        ("nonsense", Referrer.UNKNOWN),
        ("https://[", Referrer.UNKNOWN),
        ("https://ex\u00e4mple.org/", Referrer.UNKNOWN),
        ("https://t.co/abc", Referrer.NETWORK),
        ("https://l.facebook.com/", Referrer.NETWORK),
        ("https://notfacebook.com/", Referrer.OTHER),
        ("https://www.google.co.uk/", Referrer.SEARCH),
        ("https://news.example/story", Referrer.OTHER),
    ],
)
def test_a_place_is_kept_as_its_kind_only(said, kind):
    assert referrer_of(said) is kind


@pytest.mark.parametrize(
    ("method", "headers", "person"),
    [
        ("GET", FIREFOX, True),
        ("HEAD", FIREFOX, False),
        ("GET", FIREFOX | {"Sec-Purpose": "prefetch;prerender"}, False),
        ("GET", FIREFOX | {"Purpose": "preview"}, False),
        ("GET", {}, False),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Twitterbot/1.0)"}, False),
        ("GET", {"User-Agent": "facebookexternalhit/1.1"}, False),
        ("GET", {"User-Agent": "curl/8.5"}, False),
    ],
)
def test_programs_and_links_fetched_ahead_do_not_count(method, headers, person):
    assert is_person(method, headers) is person


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("", "https://a.example"),
        ("x" * 81, "https://a.example"),
        ("Flood", "http://a.example"),
        ("Flood", "javascript:alert(1)"),
        ("Flood", "//a.example"),
        ("Flood", "https://a.example\r\nSet-Cookie: x=1"),
    ],
)
def test_a_link_leads_over_https_only(name, target):
    with pytest.raises(BadValue):
        check_link(name, target)
