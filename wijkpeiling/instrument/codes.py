"""What survey tools and statistical packages take as the name of a question and the code of an option, as they are."""

from typing import NamedTuple


class Limit(NamedTuple):
    """What a code has to be, for LimeSurvey to take it as it is: another is cut, changed or dropped, without a word.

    Attributes
    ----------
    longest
        In characters, each a letter or a digit.
    reserved
        Words that it uses for something else, in small letters.
    begins
        What it has to begin with, as a pattern.
    """

    longest: int
    reserved: frozenset[str]
    begins: str = "[A-Za-z0-9]"

    @property
    def pattern(self) -> str:
        return f"(?={self.begins})[A-Za-z0-9]{{1,{self.longest}}}"


LIMESURVEY = {
    "question": Limit(
        20,
        # its own variables, and the columns that it adds to an export
        frozenset({"lang", "sid", "savedid", "token", "qid", "gid", "sgq", "self", "that", "this"})
        | {"id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"},
        "[A-Za-z]",
    ),
    "answer": Limit(5, frozenset({"other", "time"})),
    "subquestion": Limit(20, frozenset({"other", "comment", "time"})),
}
# what LimeSurvey calls the options of a question, by its type
OPTIONS = {"yes_no": "answer", "single": "answer", "dropdown": "answer", "multiple": "subquestion"}
# of an XLSForm, each question one: when somebody began and stopped, and what the form itself holds
XLSFORM = frozenset({"start", "end", "meta"})
# a name in Stata: question and option with an underscore between them
LONGEST_VARIABLE = 32
# of any tool: an option that is moved to a question of another type keeps its code
RESERVED_OPTIONS = LIMESURVEY["answer"].reserved | LIMESURVEY["subquestion"].reserved
# with what the intake or another tool gives a meaning, and words that SPSS or Stata keep to themselves
RESERVED_NAMES = (
    LIMESURVEY["question"].reserved
    | XLSFORM
    | {
        *("gemeente", "gemeentecode", "interviewtime", "today", "deviceid", "username", "other", "comment", "time"),
        *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"),
        *("byte", "double", "float", "if", "in", "int", "long", "using", "strl"),
    }
)
