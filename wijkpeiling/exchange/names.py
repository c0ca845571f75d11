"""Names of variables as SPSS and Stata take them."""

import re
from collections.abc import Sequence

# SPSS keeps these for its syntax, Stata for its own; both in any case
RESERVED = {
    *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"),
    *("byte", "double", "float", "if", "in", "int", "long", "strl", "using"),
}


def names_within(names: Sequence[str], longest: int) -> dict[str, str]:
    """A name of at most ``longest`` characters for each, as it is where it can be.

    Letters, digits and underscores, a letter first, unique whatever the case. What is too long loses its end; a number
    takes the place of the last characters where that makes two alike.
    """
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        if not plain[:1].isalpha() or plain.casefold() in RESERVED or re.fullmatch(r"str\d+", plain):
            plain = f"v_{plain}"
        cut, number = plain[:longest], 1
        while cut.casefold() in {other.casefold() for other in found.values()}:
            number += 1
            cut = plain[: longest - len(str(number)) - 1] + f"_{number}"
        found[name] = cut
    return found
