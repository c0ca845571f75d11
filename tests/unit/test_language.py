"""Numbers and words as people read them."""

import ast
import datetime
import re
from string import Formatter

import pytest
import yaml
from babel import Locale

from wijkpeiling import language as speak
from wijkpeiling.contracts import (
    COMPARED_SOURCES,
    CONTRACTS,
    MISSING_REASONS,
    SIZE_CLASSES,
    UNITS,
    VERDICTS,
)
from wijkpeiling.lessons.exercises import GENERAL, PARTS
from wijkpeiling.lessons.register import LESSONS
from wijkpeiling.present.changes import CLAIMS, DIRECTIONS, POSSIBLE
from wijkpeiling.present.shares import HALVES

MINUS = "\u2212"
KINDS = ("task", "shortfall")
# keys that the package puts together: what they begin with, and what they can end with
BUILT = {
    "audit_": [verdict for verdict in VERDICTS if verdict != "not_checkable"],
    "audit_feasible_": ("candidates",),
    "audit_told_": ("reproduced", "feasible"),
    "changes_note_": COMPARED_SOURCES,
    "alt_": HALVES,
    "beside_half_": HALVES,
    "changes_of_": ("task", "shortfall"),
    "conclusion_": [claim for claim in CLAIMS if claim not in POSSIBLE],
    "direction_": ("higher", "lower"),
    "missing_": MISSING_REASONS,
    "field_reason_": ("not_shown", "not_answered", "broken_off"),
    "field_type_": ("yes_no", "single", "multiple", "text", "dropdown", "unknown"),
    "field_verdict_": ("same", "minor", "broken", "unknown"),
    "half_": HALVES,
    "how_many_": DIRECTIONS,
    "key_": ("shortfall", "task", "team"),
    "of_unit_": [unit for unit in UNITS if unit != "municipalities"],
    "origin_": COMPARED_SOURCES,
    "overlap_": ("known", "chance", "range"),
    "page_": CONTRACTS,
    "size_": range(len(SIZE_CLASSES)),
    "subtitle_": COMPARED_SOURCES,
    "title_": ("shortfall", "task", "team"),
    "trend_": [claim for claim in CLAIMS if claim not in (*DIRECTIONS, "not_comparable")],
    "unit_": [unit for unit in UNITS if unit != "municipalities"],
    "verdict_": VERDICTS,
    "verdict_note_": VERDICTS,
    "why_method_": ("exact", "census", "predictive", "beta", "logit"),
    "why_overlap_": ("known", "chance", "range"),
    "why_protected_": ("share", "interval", "worst", "class"),
    **{f"{kind}_": CLAIMS for kind in KINDS},
    **{f"{kind}_changes_": ("caption",) for kind in (*KINDS, "team")},
}
OF_SHARES = """sentence others caption figure missing size_caption size_figure size_sentence size_left_out pairs_caption
size_left_out_all sensitivity_caption claim heading heading_all"""
SHARES = [f"{kind}_{end}" for kind in ("task", "shortfall") for end in OF_SHARES.split()]
NOT_CHECKABLE = [f"audit_{why}" for why in ("other_study", "direction_only", "unit", "approximate", "base_unknown")]
GROUPS = [f"groups_{what}{end}" for what in ("response", "team") for end in ("", "_caption", "_note")]
CLAIMED = ["task_claim_alone", "prevention_claim_alone", "shortfall_claim_more"]
WITHOUT_INTERVAL = [f"{kind}_without_interval" for kind in ("task", "shortfall", "prevention")]
# what not every wave asks on says nothing where it was not asked
PREVENTION = [f"prevention_{end}" for end in ("sentence", "others", "caption", "figure", "claim")]
OF_ARTICLE = "invented when when_invented item quote related source further remark team_first team_before held margin "
OF_ARTICLE += "worst no_margin not_ranked not_ranked_tested not_ranked_open base_not_stated base_unknown "
OF_ARTICLE += "base_partly said interpretation advice answers_published shares_of whom_answered"
ARTICLE = [
    *(f"article_{kind}_{end}" for kind in ("shortfall", "task", "prevention") for end in ("first", "next")),
    *(
        f"article_{kind}_{part}{position}"
        for kind in ("shortfall", "task", "prevention")
        for part in ("", "headline_")
        for position in ("above", "across", "below", "open")
    ),
    *(f"article_team_headline_{position}" for position in ("above", "across", "below", "open")),
    *(f"article_half_{position}" for position in ("above", "across", "below")),
    *(f"article_team_{claim}" for claim in CLAIMS),
    *(f"article_from_{source}" for source in COMPARED_SOURCES),
    *(f"article_{key}" for key in OF_ARTICLE.split()),
]
EXERCISES = [exercise for lesson in LESSONS.values() for exercise in lesson.EXERCISES]
OF_LESSONS = [f"answer_{outcome}" for outcome in GENERAL] + [
    f"exercise_{exercise.id}_{part}" for exercise in EXERCISES for part in (*PARTS, *exercise.mistakes)
]
BUILT_KEYS = [f"{begin}{end}" for begin, ends in BUILT.items() for end in ends]
BUILT_KEYS += OF_LESSONS + SHARES + NOT_CHECKABLE + GROUPS + CLAIMED + WITHOUT_INTERVAL + PREVENTION + ARTICLE


@pytest.fixture(scope="module")
def words(root):
    folder = root / "wijkpeiling" / "words"
    return {name: yaml.safe_load((folder / f"{name}.yml").read_text("utf-8")) for name in ("nl", "en")}


@pytest.fixture(scope="module")
def source(root):
    files = [*(root / "wijkpeiling").rglob("*.py"), *(root / "wijkpeiling").rglob("*.j2")]
    return "\n".join(path.read_text("utf-8") for path in files)


def forms(text):
    """The forms of a text that has some, by what chooses each; any other text alone."""
    return {form: one for form, one in text.items() if form != "by"} if isinstance(text, dict) else {None: text}


def gaps(text):
    """Gaps of a text, those of its forms together."""
    return {name for one in forms(text).values() for _, name, _, _ in Formatter().parse(one) if name is not None}


# a counted noun right after its number, unless a word before it makes a plural of any number: "van de {N} gemeenten"
COUNTED = {
    "nl": r"(?<!de )(?<!alle )\{\w+\} (?:gemeenten|vergelijkingen|cijfers|paren|manieren|peilingen)\b",
    "en": r"(?<!the )(?<!all )\{\w+\} (?:municipalities|comparisons|figures|pairs|ways|waves|percentage points)\b",
}
# tenths are plural in both languages: 1.0 percentage points
TENTHS = [f"slope_{end}" for end in ("straight", "bent")] + [f"plan_{end}" for end in ("needed", "impossible")]
# so are weights; fewer than ten municipalities is more than one
TENTHS += ["whatif_points", "weights_range", "weights_equal", "weights_none", "provincies_together_note"]
COUNTS = {
    "article_team_before": {
        "nl": ("In eerdere peilingen", "In {wave} was", "In eerdere peilingen"),
        "en": ("In earlier waves", "In {wave} it was", "In earlier waves"),
    },
    "lead_shortfall": {
        "nl": ("telkens {part}", "{part} zei", "telkens {part}"),
        "en": ("same of each of", "same of {labels}", "same of each of"),
    },
    "lead_shortfall_more": {
        "nl": ("telkens {part}", "{part} over", "telkens {part}"),
        "en": ("{part} of each of", "{part} of {labels}", "{part} of each of"),
    },
    "article_base_not_stated": {
        "nl": ("de volgende alinea", "die {share} gaat", "de volgende alinea"),
        "en": ("the next paragraph", "that {share} is of", "the next paragraph"),
    },
    **{
        f"article_{kind}_below": {
            "nl": ("Minder dan de helft", words, "Minder dan de helft"),
            "en": ("Fewer than half", "{label} was", "Fewer than half"),
        }
        for kind, words in (
            ("task", "{label} noemde"),
            ("prevention", "{label} noemde"),
            ("shortfall", "{label}, zei {share}"),
        )
    },
    "family_note": {
        "nl": ("er 0 vergelijkingen tegelijk", "Er is 1 vergelijking getoetst", "er 2 vergelijkingen tegelijk"),
        "en": ("because 0 comparisons were", "1 comparison was tested", "because 2 comparisons were"),
    },
    "lesson_rounding_caption": {
        "nl": ("Geen enkel aantal", "maar 1 aantal", "worden 2 aantallen"),
        "en": ("No count", "only 1 count becomes", "2 counts become"),
    },
    "overlap_known": {
        "nl": ("0 gemeenten", "1 gemeente", "2 gemeenten"),
        "en": ("0 municipalities", "1 municipality", "2 municipalities"),
    },
    "response_part": {
        "nl": ("deden 0 van de", "deed 1 van de", "deden 2 van de"),
        "en": ("0 of the {N} municipalities", "1 of the {N} municipalities", "2 of the {N} municipalities"),
    },
    "pairs_withheld": {
        "nl": ("Bij 0 paren", "Bij 1 paar", "Bij 2 paren"),
        "en": ("For 0 pairs", "For 1 pair the", "For 2 pairs"),
    },
    "overlap_sentence": {
        "nl": ("deden er 0 ook", "deed er 1 ook", "deden er 2 ook"),
        "en": ("0 also took part", "1 also took part", "2 also took part"),
    },
    "task_heading": {
        "nl": ("Van geen van de", "1 van de {n} taken werd", "2 van de {n} taken werden"),
        "en": ("Of none of the", "1 of the {n} tasks was named", "2 of the {n} tasks were each named"),
    },
    "shortfall_heading": {
        "nl": ("Van geen van de", "Bij 1 van de", "Bij 2 van de"),
        "en": ("For none of the", "In 1 of the", "In 2 of the"),
    },
    "panel_changed": {
        "nl": ("veranderden er 0", "veranderde er 1", "veranderden er 2"),
        "en": ("0 were changed", "1 was changed", "2 were changed"),
    },
    "matrix_sentence": {
        "nl": ("Over elk van de", "Over 1 van de", "Over 2 van de"),
        "en": ("On each of the", "On 1 of the", "On 2 of the"),
    },
    "pairs_sentence": {
        "nl": ("van de 0 paren.", "van 1 paar.", "van de 2 paren."),
        "en": ("of the 0 pairs.", "of 1 pair.", "of the 2 pairs."),
    },
    "pairs_highest_sentence": {
        "nl": ("van de 0 andere onderwerpen.", "van 1 ander onderwerp.", "van de 2 andere onderwerpen."),
        "en": ("of the 0 other items.", "of 1 other item.", "of the 2 other items."),
    },
    "audit_sentence": {
        "nl": ("zijn geen gepubliceerde cijfers", "is 1 cijfer of uitspraak", "zijn 2 cijfers en uitspraken"),
        "en": ("No published figures", "1 figure or statement", "2 figures and statements"),
    },
    **{
        f"audit_told_{verdict}": {
            "nl": ("Bij 0 cijfers is", "Bij 1 cijfer is", "Bij 2 cijfers is"),
            "en": ("For 0 figures ", "For 1 figure ", "For 2 figures "),
        }
        for verdict in ("reproduced", "feasible")
    },
    "audit_told_alike": {
        "nl": ("zijn 0 cijfers, omdat ze", "is 1 cijfer, omdat het", "zijn 2 cijfers, omdat ze"),
        "en": ("0 figures were", "1 figure was", "2 figures were"),
    },
    "audit_key": {
        "nl": ("is er geen {verdicts}", "is er 1 {verdicts}", "zijn er 2 {verdicts}"),
        "en": ("none is {verdicts}", "1 is {verdicts}", "2 are {verdicts}"),
    },
    "lead_source": {
        "nl": ("0 van de {N} gemeenten meededen", "1 van de {N} gemeenten meedeed", "2 van de {N} gemeenten meededen"),
        "en": ("0 of the {N} municipalities", "1 of the {N} municipalities", "2 of the {N} municipalities"),
    },
    "response_claim": {
        "nl": ("0 van de {N} gemeenten deden", "1 van de {N} gemeenten deed", "2 van de {N} gemeenten deden"),
        "en": ("0 of the {N} municipalities", "1 of the {N} municipalities", "2 of the {N} municipalities"),
    },
    "the_others": {
        "nl": ("de andere 0", "het andere onderwerp", "de andere twee"),
        "en": ("the other 0", "the other item", "the other two"),
    },
    "size_test_note": {
        "nl": ("voor 0 onderwerpen", "voor 1 onderwerp.", "voor 2 onderwerpen"),
        "en": ("for 0 items", "for 1 item.", "for 2 items"),
    },
    **{
        f"{kind}_size_sentence": {
            "nl": ("geen verschil tussen", "is er 1 waarbij", "zijn er 2 waarbij"),
            "en": ("no difference between", "there is 1 on which", "there are 2 on which"),
        }
        for kind in ("task", "shortfall")
    },
    **{
        f"{kind}_size_left_out": {
            "nl": (f"Bij 0 {many} is", f"Bij 1 {one} is", f"Bij 2 {many} is"),
            "en": (f"For 0 {kind}s it", f"For 1 {kind} it", f"For 2 {kind}s it"),
        }
        for kind, one, many in (("task", "taak", "taken"), ("shortfall", "tekort", "tekorten"))
    },
    **{
        f"{kind}_size_left_out_all": {
            "nl": (f"Bij geen van de 0 {many} is", f"Bij {one} is niet", f"Bij geen van de 2 {many} is"),
            "en": (f"For none of the 0 {kind}s was", f"For the only {kind} it", f"For none of the 2 {kind}s was"),
        }
        for kind, one, many in (("task", "de enige taak", "taken"), ("shortfall", "het enige tekort", "tekorten"))
    },
    **{
        f"response_size_{how}": {
            "nl": ("in de grootteklassen", "in de grootteklasse {", "in de grootteklassen"),
            "en": ("in the size classes", "in the size class {", "in the size classes"),
        }
        for how in ("more", "less")
    },
    "weights_empty": {
        "nl": ("Uit de grootteklassen", "Uit de grootteklasse {", "Uit de grootteklassen"),
        "en": ("In the size classes", "In the size class {", "In the size classes"),
    },
    "weights_kish": {
        "nl": ("0 antwoorden met", "1 antwoord met", "2 antwoorden met"),
        "en": ("0 answers of", "1 answer of", "2 answers of"),
    },
    "weights_bound": {
        "nl": ("0 procentpunt", "1 procentpunt", "2 procentpunt"),
        "en": ("0 percentage points", "1 percentage point.", "2 percentage points"),
    },
    "weighting_left_out": {
        "nl": ("0 onderwerpen", "1 onderwerp ", "2 onderwerpen"),
        "en": ("0 items", "1 item ", "2 items"),
    },
    "weighting_effect": {
        "nl": ("Geen van de aandelen", "1 procentpunt,", "2 procentpunt,"),
        "en": ("none of the shares", "1 percentage point,", "2 percentage points,"),
    },
    "days_one_day": {
        "nl": ("Alle 0 antwoorden", "Het enige antwoord", "Alle 2 antwoorden"),
        "en": ("All 0 answers", "The only answer", "All 2 answers"),
    },
    "days_missing": {
        "nl": ("Van 0 gemeenten", "Van 1 gemeente is niet bekend wanneer zij antwoordde.", "Van 2 gemeenten"),
        "en": ("For 0 municipalities", "For 1 municipality it is not known when it", "For 2 municipalities"),
    },
    "whatif_count": {
        "nl": ("0 onderwerpen", "1 onderwerp", "2 onderwerpen"),
        "en": ("0 items", "1 item", "2 items"),
    },
    "in_points": {
        "nl": ("{points} procentpunt",) * 3,
        "en": ("{points} percentage points", "{points} percentage point", "{points} percentage points"),
    },
    "shortfall_no_evidence": {
        "nl": ("niet uitgesloten, bij {", "niet uitgesloten.", "niet uitgesloten, bij {"),
        "en": ("is possible, for {", "is possible.", "is possible, for {"),
    },
    **{
        f"task_{claim}": {
            "nl": ("{labels} taken van", "{labels} een taak van", "{labels} taken van"),
            "en": ("{labels} as tasks of", "{labels} as a task of", "{labels} as tasks of"),
        }
        for claim in CLAIMS
    },
}


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.595, "60"),
        (0.585, "59"),
        (0.125, "13"),
        (0.005, "1"),
        (0.0049999, "0"),
        (0.995, "100"),
        (0.285, "29"),
        (0.565, "57"),
        (0.0, "0"),
        (1.0, "100"),
        (212 / 355, "60"),
    ],
)
def test_a_share_is_rounded_half_up_to_whole_percent(share, text):
    assert speak.whole(share) == text
    assert speak.percent_cell(share) == f"{text}%"
    assert speak.whole_percent(share, "nl") == f"{text} procent"
    assert speak.whole_percent(share, "en") == f"{text} percent"


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (-0.14, f"{MINUS}14"),
        (0.14, "+14"),
        (0.0, "0"),
        (-0.004, "0"),
        (0.004, "0"),
        (0.005, "+1"),
        (-0.005, f"{MINUS}1"),
        (-0.125, f"{MINUS}13"),
        (-1.0, f"{MINUS}100"),
    ],
)
def test_a_difference_has_its_sign(difference, text):
    assert speak.points(difference) == text


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (1.25, "1,3", "1.3"),
        (-1.25, f"{MINUS}1,3", f"{MINUS}1.3"),
        (0.05, "0,1", "0.1"),
        (0.0, "0,0", "0.0"),
        (12.0, "12,0", "12.0"),
        (1234.56, "1.234,6", "1,234.6"),
        (-0.04, "0,0", "0.0"),
    ],
)
def test_tenths_have_the_decimal_sign_of_the_language(value, dutch, english):
    assert (speak.tenths(value, "nl"), speak.tenths(value, "en")) == (dutch, english)


@pytest.mark.parametrize(
    ("p", "dutch", "equation"),
    [
        (0.0123, "0,012", "p = 0,012"),
        (0.0125, "0,013", "p = 0,013"),
        (0.001, "0,001", "p = 0,001"),
        (0.00099, "< 0,001", "p < 0,001"),
        (0.0, "< 0,001", "p < 0,001"),
        (1.0, "1,000", "p = 1,000"),
        # never rounded across a level that tests are read against
        (0.0004999, "< 0,001", "p < 0,001"),
        (0.0009999997, "< 0,001", "p < 0,001"),
        (0.0010000003, "0,001", "p = 0,001"),
        (0.0494999, "0,049", "p = 0,049"),
        (0.0499997, "< 0,05", "p < 0,05"),
        (0.05, "0,050", "p = 0,050"),
        (0.0500003, "> 0,05", "p > 0,05"),
        (0.0505, "0,051", "p = 0,051"),
    ],
)
def test_p_values_have_three_decimals_or_say_on_which_side_they_lie(p, dutch, equation):
    assert (speak.p_value(p, "nl"), speak.p_equation(p, "nl")) == (dutch, equation)
    assert (speak.p_value(p, "en"), speak.p_equation(p, "en")) == (dutch.replace(",", "."), equation.replace(",", "."))


def test_ranges_are_spelled_in_the_language():
    assert speak.percent_range(0.546, 0.63, "nl") == "55 tot 63 procent"
    assert speak.percent_range(0.546, 0.63, "en") == "55 to 63 percent"
    assert speak.points_range(-0.2, -0.08, "nl") == f"{MINUS}20 tot {MINUS}8"
    assert speak.points_range(-0.02, 0.08, "en") == f"{MINUS}2 to +8"
    assert speak.range_cell(0.546, 0.63) == "55–63%"


@pytest.mark.parametrize(
    ("items", "dutch", "english"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a en b", "a and b"),
        (["a", "b", "c"], "a, b en c", "a, b and c"),
    ],
)
def test_listings_end_with_and(items, dutch, english):
    assert (speak.listing(items, "nl"), speak.listing(items, "en")) == (dutch, english)


def test_thousands_and_dates_are_those_of_the_language():
    assert (speak.number(1234, "nl"), speak.number(1234, "en")) == ("1.234", "1,234")
    day = datetime.date(2019, 1, 1)
    assert (speak.date(day, "nl"), speak.date(day, "en")) == ("1 januari 2019", "1 January 2019")


@pytest.mark.parametrize(("text", "expected"), [("één team", "Één team"), ("NJi", "NJi"), ("", ""), ("a", "A")])
def test_a_sentence_begins_with_a_capital_and_the_rest_is_left_alone(text, expected):
    assert speak.sentence_case(text) == expected


def test_a_sentence_without_a_value_for_a_gap_fails():
    with pytest.raises(KeyError):
        speak.say("nl", "percent")


def test_both_languages_have_the_same_keys_in_the_same_order(words):
    assert list(words["nl"]) == list(words["en"])


def test_both_languages_have_the_same_gaps(words):
    assert {key: gaps(text) for key, text in words["nl"].items()} == {
        key: gaps(text) for key, text in words["en"].items()
    }


def test_lists_of_columns_and_notes_are_as_long_in_both_languages(words):
    lengths = [
        {key: {one.count("|") for one in forms(text).values()} for key, text in words[name].items()}
        for name in ("nl", "en")
    ]
    assert lengths[0] == lengths[1]


def test_every_text_says_something(words):
    texts = [(key, one) for name in words for key, text in words[name].items() for one in forms(text).values()]
    assert [key for key, one in texts if not str(one).strip()] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_text_with_forms_has_one_for_every_plural_category_of_its_language(words, language):
    categories = {Locale.parse(speak.LOCALES[language]).plural_form(count) for count in range(200)}
    given = {key: set(forms(text)) for key, text in words[language].items() if isinstance(text, dict)}
    assert [key for key, known in given.items() if not known >= categories] == []
    # and is one that the number chooses, at least in one language
    assert {key for name in words for key, text in words[name].items() if isinstance(text, dict)} == set(COUNTS)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_counted_noun_goes_by_its_number(words, language):
    plain = {key: text for key, text in words[language].items() if isinstance(text, str)}
    assert [key for key, text in plain.items() if re.search(COUNTED[language], text) and key not in TENTHS] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_sentence_is_longer_than_thirty_words(words, language):
    texts = [text for value in words[language].values() for text in forms(value).values()]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.!?;])\s|\|", text)]
    assert len(sentences) > 700 and [one for one in sentences if len(one.split()) > 30] == []


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", COUNTS)
def test_a_counted_noun_and_its_verb_agree_with_the_number(words, key, language, count):
    by = next(text[key]["by"] for text in words.values() if isinstance(text[key], dict))
    values = {gap: f"{{{gap}}}" for gap in gaps(words[language][key])} | {by: count}
    assert COUNTS[key][language][count] in speak.say(language, key, **values)


@pytest.mark.parametrize(
    ("title", "dutch", "english", "publishers"),
    [
        (
            "A (NJi 6 mei 2020, via B)",
            "A (NJi 6 mei 2020, via B)",
            "A (NJi 6 May 2020, via B)",
            ("het NJi", "the Netherlands Youth Institute (NJi)"),
        ),
        (
            "A (Movisie, publicatiepagina)",
            "A (Movisie, publicatiepagina)",
            "A (Movisie, publication page)",
            ("Movisie", "Movisie"),
        ),
        ("A (Movisie-artikel 2020)", "A (Movisie-artikel 2020)", "A (Movisie article 2020)", ("Movisie", "Movisie")),
        ("A (B 10 okt 2023)", "A (B 10 okt 2023)", "A (B 10 October 2023)", ("B", "B")),
        ("Mei in de wijk", "Mei in de wijk", "Mei in de wijk", ("de publicatie", "the publication")),
        ("A (24 december 2020)", "A (24 december 2020)", "A (24 December 2020)", ("de publicatie", "the publication")),
    ],
)
def test_a_publication_keeps_its_title_and_says_the_rest_in_the_language(title, dutch, english, publishers):
    assert (speak.source(title, "nl"), speak.source(title, "en")) == (dutch, english)
    assert (speak.publisher(title, "nl"), speak.publisher(title, "en")) == publishers


def test_a_difference_of_one_point_is_one_point():
    told = [speak.points_in_words(points / 100, "en") for points in (-2, -1, 0, 1, 2)]
    numbers = [f"{MINUS}2 percentage points", f"{MINUS}1 percentage point", "0 percentage points"]
    assert told == [*numbers, "+1 percentage point", "+2 percentage points"]
    assert speak.points_in_words(0.01, "nl") == "+1 procentpunt"


@pytest.mark.parametrize("key", BUILT_KEYS)
def test_every_key_that_the_package_puts_together_exists(words, key):
    assert key in words["nl"]


def test_every_key_that_the_package_names_exists(words, source):
    # in the template a name can follow: "page_" ~ name
    named = set(re.findall(r'\b(?:say|titled)\(\s*(?:[\w.]+,\s+)?"(\w+)"(?! ~)', source))
    assert named - set(words["nl"]) == set()
    assert len(named) > 70


def test_no_key_is_left_over(words, source):
    literal = set(re.findall(r'"(\w+)"', source))
    assert [key for key in words["nl"] if key not in literal and key not in BUILT_KEYS] == []


# the one family without a word of its own to search for: a conclusion, or that it is missing, for a kind of concept
KIND_AND_CLAIM = {f"{kind}_{claim}" for kind in KINDS for claim in CLAIMS}


def built(path):
    """What a key can be that a file puts together: its fixed part, which one searches for, and any word in the gaps."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
            if max((len(part.strip("_")) for part in parts if part), default=0) > 2:
                yield re.compile("".join(r"\w+" if part is None else re.escape(part) for part in parts))


def test_a_key_is_found_by_searching_it_or_its_fixed_part(root, words, source):
    literal = set(re.findall(r'"(\w+)"', source))
    patterns = [pattern for path in (root / "wijkpeiling").rglob("*.py") for pattern in built(path)]
    patterns += [re.compile(f"{begin}\\w+") for begin in re.findall(r'say\("(\w+)" ~', source)]
    lost = [key for key in words["nl"] if key not in literal and not any(one.fullmatch(key) for one in patterns)]
    assert set(lost) <= KIND_AND_CLAIM
