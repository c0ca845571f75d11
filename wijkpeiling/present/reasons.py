"""Where the numbers of a table come from: for each row its base, and for each column the sum that gives the number."""

from html import escape

from wijkpeiling.language import say
from wijkpeiling.records import Record


class Step(Record):
    """How the number in one column comes about.

    Attributes
    ----------
    column
        Heading of the column.
    result
        The number as the table prints it.
    text
        The rule in words; the same for every row that follows it.
    detail
        What is so in this row only.
    formulas
        The sum with its numbers filled in, and what comes out: `present.notation` has the grammar.
    methods
        Sections and assumptions of METHOD.md, such as M2 and A1.
    """

    column: str
    result: str
    text: str
    detail: str = ""
    formulas: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


class Reference(Record):
    """Title and, where one is known, address of a publication or a file."""

    title: str
    url: str | None = None


class Why(Record):
    """Where the numbers of one row come from. It shows itself in a notebook; it is no block of a report.

    Attributes
    ----------
    name
        What heads the row.
    base
        Over whom the numbers are, with respondents and municipalities where these are told; empty where it is said
        already.
    """

    language: str
    name: str
    base: str = ""
    steps: tuple[Step, ...]
    sources: tuple[Reference, ...] = ()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self._html(), "text/plain": self.as_text()}

    def as_text(self) -> str:
        """All of it in plain lines."""
        lines = [self.name, *([self.base] if self.base else [])]
        for step in self.steps:
            told = " ".join(part for part in (step.text, step.detail) if part)
            lines += [f"{step.column}: {step.result}. {told}{_methods(step)}", *(f"    {one}" for one in step.formulas)]
        return "\n".join([*lines, *(_origin_text(one, self.language) for one in self.sources)])

    def _html(self) -> str:
        parts = [f"<p><b>{escape(self.name)}</b>{'<br>' + escape(self.base) if self.base else ''}</p>"]
        for step in self.steps:
            told = " ".join(part for part in (step.text, step.detail) if part)
            formulas = "".join(f"<br><code>{escape(one)}</code>" for one in step.formulas)
            head = f"<b>{escape(step.column)}: {escape(step.result)}</b>"
            parts.append(f"<p>{head}<br>{escape(told)}{_methods(step)}{formulas}</p>")
        parts += [f"<p><small>{_origin_html(one, self.language)}</small></p>" for one in self.sources]
        return "".join(parts)


def _methods(step: Step) -> str:
    return f" ({', '.join(step.methods)})" if step.methods else ""


def _origin_text(origin: Reference, language: str) -> str:
    told = f"{origin.title}, {origin.url}" if origin.url else origin.title
    return say(language, "why_source", source=told)


def _origin_html(origin: Reference, language: str) -> str:
    title = escape(origin.title)
    linked = f'<a href="{escape(origin.url)}">{title}</a>' if origin.url else title
    return say(language, "why_source", source=linked)
