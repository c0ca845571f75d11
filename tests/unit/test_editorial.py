"""What an editor adds to a wave: read whole, or refused; damaged files are in tests/faults/damaged.yml."""

import re
from itertools import pairwise

import pytest

from wijkpeiling.editorial import FILE, Editorial, read_editorial
from wijkpeiling.present.blocks import Cover
from wijkpeiling.present.news import cover
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import estimate, estimate_all_waves, read_sources
from wijkpeiling.trend.changes import changes_against

WRITTEN = """\
quote:
  text: {nl: 'Preventie vraagt tijd.', en: 'Prevention takes time.'}
  name: A. Voorbeeld
  role: {nl: wethouder in Voorbeeldstad, en: alderman in Voorbeeldstad}
  consent: true
interpretation: {nl: Een duiding., en: A reading.}
advice: {nl: Een advies., en: An advice.}
related:
  - title: {nl: Lees meer, en: Read more}
    url: https://www.voorbeeld.nl/preventie?deel=1&jaar=2019
"""


def test_a_wave_without_the_file_has_no_editorial(mini):
    assert read_editorial(mini.raw, 2019) is None


def test_every_part_is_read_in_both_languages(mini):
    (mini.raw / "2019" / FILE).write_text(WRITTEN, encoding="utf-8")
    read = read_editorial(mini.raw, 2019)
    assert (read.quote.name, read.quote.role["nl"]) == ("A. Voorbeeld", "wethouder in Voorbeeldstad")
    assert [read.quote.text[language] for language in ("nl", "en")] == [
        "Preventie vraagt tijd.",
        "Prevention takes time.",
    ]
    assert (read.interpretation["en"], read.advice["nl"]) == ("A reading.", "Een advies.")
    assert [(link.title["en"], link.url) for link in read.related] == [
        ("Read more", "https://www.voorbeeld.nl/preventie?deel=1&jaar=2019")
    ]


@pytest.mark.parametrize("part", Editorial.model_fields)
def test_each_part_may_stay_away(mini, part):
    lines = WRITTEN.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if not line.startswith(" ")] + [len(lines)]
    pieces = ["".join(lines[start:end]) for start, end in pairwise(starts)]
    kept = [piece for piece in pieces if not piece.startswith(part)]
    assert len(kept) == len(pieces) - 1
    (mini.raw / "2019" / FILE).write_text("".join(kept), encoding="utf-8")
    read = read_editorial(mini.raw, 2019)
    assert {name for name in Editorial.model_fields if not getattr(read, name)} == {part}


@pytest.mark.parametrize(("source", "has_it"), [("published", True), ("synthetic", False)])
def test_the_cover_carries_it_but_never_beside_invented_answers(copy, source, has_it):
    (copy.raw / "2019" / FILE).write_text(WRITTEN, encoding="utf-8")
    edition = open_edition(wave=2019, source=source, start=copy.root)
    sources = read_sources(edition)
    shares = {"shortfalls": "shortfall", "tasks": "task"}
    changed = {"task_changes": edition.concepts("task"), "team_changes": ["has_wijkteam"]}
    shown = cover(
        edition,
        sources,
        **{name: estimate(sources, 2019, edition.concepts(kind)) for name, kind in shares.items()},
        teams=estimate_all_waves(sources, "has_wijkteam"),
        **{name: changes_against(sources, 2017, [2019], asked, "nl") for name, asked in changed.items()},
    )
    assert (shown.editorial is not None) == has_it
    assert Cover.model_validate_json(shown.model_dump_json()) == shown


def test_the_example_of_the_readme_is_an_editorial(mini, root):
    (example,) = re.findall(r"(?s)```\n(quote:.*?)```", (root / "data" / "raw" / "README.md").read_text("utf-8"))
    (mini.raw / "2019" / FILE).write_text(example, encoding="utf-8")
    read = read_editorial(mini.raw, 2019)
    assert all(getattr(read, part) for part in Editorial.model_fields)
