"""Where words of narrow columns may break."""

import re

import pytest

from wijkpeiling.language import say
from wijkpeiling.report.hyphens import SOFT, hyphened

# heads of tables, in the words file
HEADS = ("shares_columns", "bounds_columns", "trend_columns", "changes_columns", "matrix_columns")
LONGEST_WHOLE = 9


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("Waarschijnlijk tussen", "nl", "Waarschijn|lijk tussen"),
        ("PERCENTAGE", "nl", "PERCEN|TAGE"),
        ("Percentage", "en", "Percent|age"),
        ("Verschil (procentpunt)", "nl", "Ver|schil (procent|punt)"),
        # in a compound too
        ("Keukentafelgesprekken", "nl", "Keuken|tafel|gesprekken"),
        ("gemeenteondersteuning", "nl", "gemeenteonder|steuning"),
        ("Jaar", "nl", "Jaar"),
        ("", "en", ""),
    ],
)
def test_a_known_word_may_break_where_the_file_says(text, language, told):
    assert hyphened(text, language) == told.replace("|", SOFT)
    assert hyphened(text, language).replace(SOFT, "") == text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_long_word_of_a_head_may_break(language):
    words = {word for key in HEADS for word in re.findall(r"\w+", say(language, key))}
    assert [word for word in words if len(word) > LONGEST_WHOLE and hyphened(word, language) == word] == []
