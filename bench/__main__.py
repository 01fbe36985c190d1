"""Every bench, or those named: ``python -m bench [name ...] [quick]``. A bench is a module here with a function ``main``."""

import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

if __name__ == "__main__":
    names = sorted(
        found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.name != "__main__"
    )
    chosen = [name for name in sys.argv[1:] if name in names] or names
    others = [word for word in sys.argv[1:] if word not in names]
    for name in chosen:
        run = getattr(importlib.import_module(f"bench.{name}"), "main", None)
        if run is not None:
            print(f"\n{name}", flush=True)
            run(*([others] if inspect.signature(run).parameters else []))
