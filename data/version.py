"""Which Watchroom this is, and which start of it: a kiosk reloads when either differs from what it was loaded from."""

from secrets import token_hex

VERSION = "0.1.0"
START = token_hex(6)
"""Another one for each process."""
