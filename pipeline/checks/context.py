"""The arithmetic that all checks are done in."""

from decimal import MAX_EMAX, MIN_EMIN, Context
from typing import Final

WIDE: Final = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
"""Wide enough that only division rounds; nothing overflows, and nothing is raised."""
