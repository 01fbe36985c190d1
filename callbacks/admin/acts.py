"""What an act of administration answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from callbacks.fields import Fields
from models.permissions import Scope


@dataclass(frozen=True, slots=True)
class Done:
    """``said`` is read out. ``undo`` is the act that takes it back: (act, of, fields). ``go`` is where the address goes.

    ``reveal`` is shown this once: (label, value, what to do with it). ``drawn`` is handed on to what draws the tab.
    """

    said: str
    undo: tuple[str, object, Mapping[str, Any]] | None = None
    reveal: tuple[str, str, str] | None = None
    go: str | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)


Act = Callable[[Scope, str, Fields], Done]
"""Called with who acts, on what, and what the form held. Raises a ``Problem`` where it cannot be; then nothing changed."""
