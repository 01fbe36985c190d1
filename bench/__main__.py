"""Every bench, or those named: ``python -m bench [name ...]``. A bench is a module here with a function ``main``."""

import importlib
import pkgutil
import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).parent
    for name in sys.argv[1:] or sorted(found.name for found in pkgutil.iter_modules([str(here)])):
        run = getattr(importlib.import_module(f"bench.{name}"), "main", None) if name != "__main__" else None
        if run is not None:
            print(f"\n{name}", flush=True)
            run()
