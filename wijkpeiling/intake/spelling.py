"""How the same words are spelt in different tools: compared without what differs between them."""

import html
import re
import unicodedata

TAG = re.compile(r"<[^>]*>")


def plain(text: str) -> str:
    """A heading or label without case, tags, accents, and more than one space at a time."""
    bare = html.unescape(TAG.sub(" ", text)).replace("\N{NO-BREAK SPACE}", " ")
    decomposed = unicodedata.normalize("NFKD", bare)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())
