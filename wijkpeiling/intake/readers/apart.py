"""Reads an SPSS or Stata file in a process of its own, from standard input, and writes what it says as JSON.

The library that reads these files is ended by some damaged ones, and the process with it. This module imports nothing
that takes long.
"""

import json
import sys
from io import BytesIO
from typing import Any, Final

from wijkpeiling.intake.readers.spss import spss_codes
from wijkpeiling.intake.readers.stata import stata_codes

READERS: Final = {"spss": ("read_sav", spss_codes), "stata": ("read_dta", stata_codes)}


def codes_of(format: str, content: bytes) -> dict[str, Any]:
    """What an SPSS or Stata file says, as text.

    Columns are read as lists: read as a table, a missing whole number of Stata becomes 0.

    Returns
    -------
    dict
        ``columns``, ``labels``, ``user_missing`` and ``texts``, each by column; or ``error``.
    """
    import pyreadstat

    name, codes = READERS[format]
    read, options = getattr(pyreadstat, name), {"user_missing": True, "output_format": "dict"}
    try:
        try:
            columns, meta = read(BytesIO(content), **options)
        except OverflowError:
            # a date beyond the year 9999: numbers of seconds or days instead
            columns, meta = read(BytesIO(content), disable_datetime_conversion=True, **options)
        texts = {name: text for name, text in meta.column_names_to_labels.items() if text}
        return {"texts": texts, **codes(columns, meta)}
    except Exception as failure:
        # whatever the library makes of damage, it is the file
        return {"error": str(failure)}


if __name__ == "__main__":
    json.dump(codes_of(sys.argv[1], sys.stdin.buffer.read()), sys.stdout)
