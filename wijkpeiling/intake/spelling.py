"""How the same words are spelt in different tools: compared without what differs between them."""

import html
import re
import unicodedata

# of HTML, in which survey tools write; what else stands between < and > is text
TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|small|span|strong|sub|sup|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
# signs that hold another and mean more than it: ², ½, ①
MORE_THAN = ("<super>", "<sub>", "<fraction>", "<circle>")


def plain(text: str) -> str:
    """A heading or label without case, tags, accents, and more than one space at a time."""
    bare = html.unescape(TAG.sub(" ", text)).replace("\N{NO-BREAK SPACE}", " ")
    decomposed = "".join(map(_decomposed, bare)) if not bare.isascii() else bare
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())


def _decomposed(sign: str) -> str:
    """A letter and its accents one after the other, a wide letter as a letter; ² stays, for a² is no a2."""
    is_more = unicodedata.decomposition(sign).startswith(MORE_THAN)
    return sign if is_more else unicodedata.normalize("NFKD", sign)
