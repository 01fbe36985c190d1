"""Attributes with a hyphen, which Python cannot name."""

from typing import Any


def attributes(**named: Any) -> dict[str, Any]:
    """``aria_label="x"`` as ``{"aria-label": "x"}``; what is None is left out."""
    return {name.replace("_", "-"): value for name, value in named.items() if value is not None}
