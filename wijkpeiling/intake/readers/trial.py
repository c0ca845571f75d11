"""Reads a workbook in a process of its own, from standard input, within limits, to see that it can be.

The library makes room for what some damaged ones say they hold, and ends the process where there is none. This module
imports nothing that takes long.
"""

import sys
from io import BytesIO
from typing import Final

# bytes that a workbook may take: an old one with 65,536 rows of 256 columns takes a quarter
LARGEST_MEMORY: Final = 4_000_000_000
# seconds of a processor: a workbook that is tried takes two
LONGEST: Final = 60


def try_workbook(content: bytes) -> None:
    """Read every sheet and keep nothing: other damage is found when it is read again."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(BytesIO(content))
        for name in book.sheet_names:
            book.get_sheet_by_name(name)
    except MemoryError:
        raise
    except BaseException:
        # a panic is no Exception; the reader says what is the matter
        return


def _limit() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limits, and ends a process alike
        return
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))


if __name__ == "__main__":
    _limit()
    try_workbook(sys.stdin.buffer.read())
