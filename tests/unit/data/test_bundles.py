import os

import pytest

from data import bundles
from data.bundles import Bundle

SHEET = Bundle("assets/a.css", 10, 5, "d" * 20, ("br", "gzip"))


def test_a_catalogue_reads_as_it_was_written(tmp_path):
    bundles.write_catalogue([("/assets/a.css", SHEET)], tmp_path)
    assert bundles.read_catalogue(tmp_path) == {"/assets/a.css": SHEET}


def test_nothing_built_is_an_empty_catalogue(tmp_path):
    assert bundles.read_catalogue(tmp_path) == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"/assets/a.css": {"other": 1}}', '{"/assets/a.css": 3}'])
def test_an_unreadable_catalogue_is_an_empty_one(tmp_path, content):
    path = bundles.catalogue_path(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert bundles.read_catalogue(tmp_path) == {}


def test_a_source_is_current_until_its_size_or_time_changes(tmp_path):
    path = tmp_path / "a.css"
    path.write_text("body {}")
    status = path.stat()
    bundle = Bundle("a.css", status.st_size, status.st_mtime_ns, "d")
    assert bundles.is_current(bundle, path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
    assert not bundles.is_current(bundle, path)
    path.write_text("body { }")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not bundles.is_current(bundle, path)


def test_a_source_that_is_gone_is_not_current(tmp_path):
    assert not bundles.is_current(SHEET, tmp_path / "gone.css")


def test_a_source_is_a_file_of_ours_or_inside_an_installed_package(tmp_path):
    assert bundles.source_path("assets/a.css", tmp_path) == tmp_path / "assets/a.css"
    assert bundles.source_path("dash:deps", tmp_path).is_dir()
    assert bundles.source_path("no_such_package_here:x.js", tmp_path) is None


@pytest.fixture
def own(tmp_path):
    """A project with two style sheets and two scripts of its own, and a file that is not loaded by every page."""
    assets = tmp_path / "assets"
    assets.mkdir()
    for name, text in {
        "20-later.css": 'b { src: url("vendor/font.woff2") }',
        "10-first.css": "a {}",
        "10-first.js": "first();",
        "20-later.js": "later();",
        "other.js": "never();",
    }.items():
        (assets / name).write_text(text)
    return tmp_path


def test_our_files_are_joined_in_the_order_of_their_names(own):
    assert bundles.joined(own) == {
        "watchroom.css": b'a {}\nb { src: url("../vendor/font.woff2") }',
        "watchroom.js": b"first();\nlater();",
    }


def test_the_joined_files_count_only_while_nothing_of_ours_has_changed(own):
    assert not bundles.is_joined(own)
    folder = own / "assets" / bundles.JOINED
    folder.mkdir()
    for name, content in bundles.joined(own).items():
        (folder / name).write_bytes(content)
    assert bundles.is_joined(own)
    (own / "assets" / "10-first.js").write_text("changed();")
    assert not bundles.is_joined(own)
