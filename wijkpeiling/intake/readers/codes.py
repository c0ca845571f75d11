"""A value as the code that it stands for."""

import datetime
from typing import Any, Final

# a number that a double holds exactly; beyond it digits are lost
EXACT: Final = 2**53


def code_of(value: Any) -> str | None:
    """A value as a code: 1.0 is 1, a moment is written as ISO 8601 has it; None where there is none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(float(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value)
