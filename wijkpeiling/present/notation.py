"""Sums in the notation of a spreadsheet in the reader's language: what is copied into a cell gives the same number.

A line is ``SUM = RESULT``, or ``SUM = RESULT > BOUND`` for a chance that is held against another; the sign between can
also be ``<`` or ``<=``. A sum has numbers, ``+ - * / ^``, brackets, and the functions of `FUNCTIONS` with the names,
the separator and the decimal mark that a spreadsheet has in the language. A result is a number, a percentage (59%) or a
number of percentage points with its sign (+14).
"""

from decimal import ROUND_HALF_UP, Decimal

from wijkpeiling import language as speak

# what a spreadsheet calls a function, by language
FUNCTIONS = {
    "hypergeometric": {"nl": "HYPGEOM.VERD", "en": "HYPGEOM.DIST"},
    "normal": {"nl": "NORM.S.INV", "en": "NORM.S.INV"},
    "normal_chance": {"nl": "NORM.S.VERD", "en": "NORM.S.DIST"},
    "student": {"nl": "T.INV", "en": "T.INV"},
    "beta": {"nl": "BETA.INV", "en": "BETA.INV"},
    "root": {"nl": "WORTEL", "en": "SQRT"},
    "exp": {"nl": "EXP", "en": "EXP"},
    "log": {"nl": "LN", "en": "LN"},
    "least": {"nl": "MIN", "en": "MIN"},
    "most": {"nl": "MAX", "en": "MAX"},
    "size": {"nl": "ABS", "en": "ABS"},
    "true": {"nl": "WAAR", "en": "TRUE"},
}
SEPARATOR = {"nl": ";", "en": ","}
MARK = {"nl": ",", "en": "."}
# digits of a number that was not counted, so that whole percents come out as they are printed
DIGITS = 6
TAIL = 0.025


class Notation:
    """Numbers and functions as a spreadsheet writes them in a language."""

    def __init__(self, language: str):
        self.language = language

    def number(self, value: float, digits: int = DIGITS) -> str:
        """A number without a sign for thousands or zeros behind."""
        exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
        text = f"{exact:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", MARK[self.language])

    def signed(self, r: float) -> str:
        """A result with four decimals and, below 0, the sign that a table has."""
        return f"{r:.4f}".replace(".", MARK[self.language]).replace("-", "\u2212")

    def multiplied(self, times: int, p: float) -> str:
        """A p-value times a number, with the digits that its product needs to be printed as it is."""
        told = speak.p_value(min(times * p, 1), self.language)
        for digits in range(3, 16):
            rounded = Decimal(f"{p:.{digits}g}")
            if speak.p_value(min(float(times * rounded), 1), self.language) == told:
                break
        return f"{times}*{f'{rounded:f}'.replace('.', MARK[self.language])}"

    def call(self, name: str, *arguments: object) -> str:
        """A function of `FUNCTIONS` with its arguments."""
        return f"{FUNCTIONS[name][self.language]}({SEPARATOR[self.language].join(map(str, arguments))})"

    @property
    def true(self) -> str:
        return FUNCTIONS["true"][self.language]

    def percent(self, expression: str, share: float) -> str:
        """A line with a whole percentage."""
        return f"{expression} = {speak.percent_cell(share)}"

    def percent_tenth(self, expression: str, share: float) -> str:
        """A line with a percentage in tenths, which shows what was rounded."""
        return f"{expression} = {speak.tenths(share * 100, self.language)}%"

    def points(self, expression: str, difference: float) -> str:
        """A line with whole percentage points of a difference between shares."""
        return f"100*({expression}) = {speak.points(difference)}"

    def p_value(self, expression: str, p: float) -> str:
        """A line with a p-value as tables print it."""
        told = speak.p_value(p, self.language)
        return f"{expression} {told}" if told.startswith(("<", ">")) else f"{expression} = {told}"

    def at_least(self, x: int, n: int, K: int, N: int) -> str:
        """The chance of ``x`` or more in a sample of ``n`` from ``N``, of which ``K``."""
        return f"1-{self.call('hypergeometric', x - 1, n, K, N, self.true)}" if x > 0 else "1"

    def at_most(self, x: int, n: int, K: int, N: int) -> str:
        """The chance of ``x`` or fewer in a sample of ``n`` from ``N``, of which ``K``."""
        return self.call("hypergeometric", x, n, K, N, self.true)

    def against_tail(self, expression: str, chance: float) -> str:
        """A line that holds a chance against 0.025, with the digits that show on which side it lies."""
        told = next((text for text in (self.number(chance, at) for at in (4, 6, 9)) if text != self.number(TAIL)), "")
        side = ">" if chance > TAIL else "<="
        return f"{expression} = {told or self.number(chance, 12)} {side} {self.number(TAIL)}"
