"""What the front-end build left for the server: every public file with its compressed copies.

The catalogue maps an address as the browser asks for it (without a fingerprint) to a ``Bundle``. It lives beside the
copies in ``assets/vendor/`` and not in ``var/``: in a container ``var/`` is a volume that would hide what was built.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """One public file. ``codings`` are the content codings it was compressed with, each named by ``digest`` on disk.

    ``size`` (bytes) and ``modified`` (nanoseconds) are those of the source when it was compressed.
    """

    source: str
    size: int
    modified: int
    digest: str
    codings: tuple[str, ...] = ()


JOINED = "joined"
"""The folder of ``assets/`` with our own files in one of each kind: a first visit asks for two and not for thirty-five."""
OWN = "[0-9][0-9]-*"
"""How the names of our own files begin: they are loaded in this order."""


def joined(root: Path = ROOT) -> dict[str, bytes]:
    """What the joined files must be, by name. Addresses inside a style sheet count from where it stands, a folder deeper."""
    assets = root / "assets"
    return {
        f"watchroom{suffix}": b"\n".join(
            path.read_bytes().replace(b'url("', b'url("../') for path in sorted(assets.glob(OWN + suffix))
        )
        for suffix in (".css", ".js")
    }


def is_joined(root: Path = ROOT) -> bool:
    """Whether the joined files stand, and nothing of ours has changed since."""
    folder = root / "assets" / JOINED
    try:
        return all((folder / name).read_bytes() == content for name, content in joined(root).items())
    except OSError:
        return False


def catalogue_path(root: Path = ROOT) -> Path:
    """Where the catalogue is written."""
    return root / "assets" / "vendor" / "catalogue.json"


def compressed_path(digest: str, coding: str, root: Path = ROOT) -> Path:
    """Where the copy of a source with this digest is, in one content coding."""
    return root / "assets" / "vendor" / "compressed" / (digest + CODINGS[coding])


def source_path(source: str, root: Path = ROOT) -> Path | None:
    """The file behind a source: ``package:path`` is inside an installed package, anything else is below ``root``.

    None where the package is not installed.
    """
    package, colon, inside = source.partition(":")
    if not colon:
        return root / source
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / inside


def digest_of(content: bytes) -> str:
    """The name of a content: the first 20 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:20]


def is_current(bundle: Bundle, path: Path) -> bool:
    """Whether the source is still the one that was compressed, by size and time of change."""
    try:
        now = path.stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (bundle.size, bundle.modified)


def read_catalogue(root: Path = ROOT) -> dict[str, Bundle]:
    """Every address of the last build; empty where nothing was built or the file cannot be read."""
    try:
        found = json.loads(catalogue_path(root).read_text(encoding="utf-8"))
        return {address: Bundle(**{**of, "codings": tuple(of["codings"])}) for address, of in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def write_catalogue(bundles: Iterable[tuple[str, Bundle]], root: Path = ROOT) -> None:
    """Replace the catalogue in one step, so that a server starting now reads the old one or the new one."""
    found = {
        address: {
            "source": bundle.source,
            "size": bundle.size,
            "modified": bundle.modified,
            "digest": bundle.digest,
            "codings": list(bundle.codings),
        }
        for address, bundle in sorted(bundles)
    }
    path = catalogue_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(found, indent=1), encoding="utf-8")
    draft.replace(path)
