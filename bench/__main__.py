"""Every bench, or those named: ``python -m bench [name ...] [quick]``. A bench is a module here with a function ``main``.

A run of all of them begins a new ``var/bench.json`` and ends with the aims. One that fails is told and does not stop the
others; the run then ends with 1. A missed aim is said and is no failure: it may be the machine's.
"""

import importlib
import inspect
import os
import pkgutil
import sys
import traceback
from pathlib import Path
from time import monotonic

from bench import report

TRIES = ("rules", "time_arithmetic", "wallboard", "queue", "intake", "first_load", "live")
"""In this order, and then whatever is not named here: short ones first."""


def benches() -> list[str]:
    """The names of all benches, in the order of their turn."""
    found = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]) if one.name != "__main__"]
    found = [
        name for name in found if inspect.isfunction(getattr(importlib.import_module(f"bench.{name}"), "main", None))
    ]
    return sorted(found, key=lambda name: (TRIES.index(name) if name in TRIES else len(TRIES), name))


def run(name: str, words: list[str]) -> bool:
    """Run one; whether it came to its end."""
    act = importlib.import_module(f"bench.{name}").main
    begun = monotonic()
    print(f"\n{name}", flush=True)
    try:
        act(*([words] if inspect.signature(act).parameters else []))
    except Exception:
        traceback.print_exc()
        print(f"{name} FAILED", flush=True)
        return False
    print(f"({name}: {monotonic() - begun:.0f} s)", flush=True)
    return True


def main(arguments: list[str]) -> int:
    """Run those named, or all; 1 where one failed."""
    names = benches()
    chosen = [name for name in arguments if name in names]
    others = [word for word in arguments if word not in names]
    if not chosen:
        report.FILE.unlink(missing_ok=True)
    begun, load = monotonic(), os.getloadavg()[0]
    report.report("machine, load before the run", load, "")
    failed = [name for name in chosen or names if not run(name, others)]
    report.report("the whole run", monotonic() - begun, "s")
    report.tell_aims()
    for name in failed:
        print(f"FAILED: {name}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
