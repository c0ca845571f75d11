"""Works out the sums that `why` prints, from the printed text and the grammar of `present/notation.py` alone."""

import re
from math import exp, floor, log

from scipy.stats import beta, hypergeom, norm, t

TOKEN = re.compile(r"\s*(?:(\d+(?:[.,]\d+)?)|([A-Z][A-Z.]*)|([-+*/^();,]))")
RELATIONS = {">": lambda a, b: a > b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": None}
FUNCTIONS = {
    "HYPGEOM": lambda x, n, K, N, cumulative: hypergeom(N, K, n).cdf(x),
    "BETA.INV": lambda p, a, b: beta.ppf(p, a, b),
    "NORM.S.INV": norm.ppf,
    "NORM.S": lambda z, cumulative: norm.cdf(z),
    "T.INV": t.ppf,
    "WORTEL": lambda x: x**0.5,
    "SQRT": lambda x: x**0.5,
    "EXP": exp,
    "LN": log,
    "MIN": min,
    "MAX": max,
    "ABS": abs,
}
TRUE = ("WAAR", "TRUE")


class _Reader:
    def __init__(self, text, language):
        self.mark, self.separator = (",", ";") if language == "nl" else (".", ",")
        self.tokens, at = [], 0
        while at < len(text.rstrip()):
            found = TOKEN.match(text, at)
            assert found, f"not in the grammar: {text[at:]}"
            number, name, sign = found.groups()
            if number and self.mark not in number and re.search("[.,]", number):
                # in English a comma stands between arguments
                number = re.match(r"\d+", number).group()
                at = found.start(1) + len(number)
            else:
                at = found.end()
            self.tokens.append(("number", number) if number else ("name", name) if name else ("sign", sign))

    def take(self, *signs):
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return None

    def whole(self):
        value = self.sum()
        assert not self.tokens, self.tokens
        return value

    def sum(self):
        value = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self):
        value = self.power()
        while sign := self.take("*", "/"):
            other = self.power()
            value = value * other if sign == "*" else value / other
        return value

    def power(self):
        value = self.atom()
        return value ** self.power() if self.take("^") else value

    def atom(self):
        if self.take("-"):
            return -self.atom()
        if self.take("("):
            value = self.sum()
            assert self.take(")")
            return value
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return float(text.replace(self.mark, "."))
        assert kind == "name", text
        if text in TRUE:
            return 1.0
        assert self.take("(")
        arguments = [self.sum()]
        while self.take(self.separator):
            arguments.append(self.sum())
        assert self.take(")")
        return float(FUNCTIONS[text.removesuffix(".VERD").removesuffix(".DIST")](*arguments))


def evaluate(text, language):
    """The value of a sum."""
    return _Reader(text, language).whole()


def printed(value, result, language):
    """``value`` as a result is printed: as many decimals, half away from zero, percents and signs as there."""
    mark = "," if language == "nl" else "."
    digits = len(result.rstrip("%").partition(mark)[2])
    value = value * 100 if result.endswith("%") else value
    steps = floor(float(f"{abs(value) * 10**digits:.12g}") + 0.5)
    text = f"{steps / 10**digits:.{digits}f}".replace(".", mark)
    sign = "\u2212" if value < 0 and steps else "+" if result.startswith("+") else ""
    return sign + text + ("%" if result.endswith("%") else "")


def check(line, language):
    """Work a line out and hold it against what it says; gives the results that it prints."""
    left, relation, right = re.fullmatch(r"(.*?) (=|<=|<|>) (.*)", line).groups()
    value = evaluate(left, language)
    if relation != "=":
        assert RELATIONS[relation](value, evaluate(right, language)), line
        return [f"{relation} {right}"]
    chained = re.fullmatch(r"(\S+) (<=|<|>) (\S+)", right)
    if chained:
        result, relation, bound = chained.groups()
        assert RELATIONS[relation](value, evaluate(bound, language)), line
        assert RELATIONS[relation](evaluate(result, language), evaluate(bound, language)), line
        right = result
    assert printed(value, right, language) == right, (line, value)
    return [right]


def numbers(table):
    """Each cell with a number of a table of a report: column, cell, and the steps that explain it."""
    for at, row in enumerate(table["rows"]):
        why = (table["why"][at] if table["why"] else None) or {"steps": []}
        for column, cell in zip(table["columns"], row, strict=True):
            if isinstance(cell, dict):
                yield column, cell, [step for step in why["steps"] if step["column"] == column]


def unexplained(tables):
    """The numbers of tables that no step explains."""
    return [
        (table["id"], column, cell["text"])
        for table in tables
        for column, cell, steps in numbers(table)
        if not any(step["result"] == cell["text"] and step["text"] for step in steps)
    ]


def work_out(tables, language):
    """Work every sum of tables out: how many, and the numbers that no sum of theirs gives."""
    steps = [step for table in tables for why in table["why"] if why for step in why["steps"]]
    lines = [line for step in steps for line in step["formulas"]]
    results = {line: check(line, language) for line in lines}
    lost = []
    for table in tables:
        for column, cell, told in numbers(table):
            found = [result for step in told for line in step["formulas"] for result in results[line]]
            for number in _wanted(cell) if found else []:
                if number not in found and not _rounds_to(found, number, cell):
                    lost.append((table["id"], column, number, found))
    return len(lines), lost


def _wanted(cell):
    """What the sums of a cell must come to: both ends of a range."""
    text = cell["text"]
    if cell["format"] == "percent_range":
        low, high = text.split("\u2013")
        return [f"{low}%", high]
    return re.split(" tot | to ", text) if cell["format"] == "points_range" else [text]


def _rounds_to(results, number, cell):
    """Whether shares in tenths, of the counts that a published percentage can stand for, all round to it."""
    shares = [float(result.rstrip("%").replace(",", ".")) for result in results if result.endswith("%")]
    is_percent = cell["format"] == "percent" and bool(shares)
    return is_percent and all(abs(share - float(number.rstrip("%"))) <= 0.5 for share in shares)
