"""Worked solutions of a lesson, as a notebook for teachers: made when asked for, never kept beside the lesson."""

from typing import Any

from wijkpeiling import language as speak
from wijkpeiling.lessons.exercises import Question, judge, spell

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def solutions(title: str, questions: list[Question]) -> dict[str, Any]:
    """A notebook with each exercise, its steps, its answer, and the hint that each mistake gets.

    Parameters
    ----------
    title
        Of the lesson.
    questions
        As the lesson asks them; at least one.

    Returns
    -------
    dict
        Of nbformat 4.5, with markdown cells only: the numbers are those of the lesson when it was made.
    """
    language = questions[0].language
    head = ["# " + speak.say(language, "solutions_title", title=title), speak.say(language, "solutions_lead")]
    texts = ["\n\n".join(head), *(_worked(question, number) for number, question in enumerate(questions, start=1))]
    cells = [
        {"cell_type": "markdown", "id": f"solution-{place}", "metadata": {}, "source": text.splitlines(keepends=True)}
        for place, text in enumerate(texts)
    ]
    return {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}


def _worked(question: Question, number: int) -> str:
    language = question.language
    columns = speak.say(language, "solutions_columns").split("|")
    # with the numbers of another wave two mistakes can give the same
    told = [(name, value) for name, value in question.mistaken.items() if judge(question, value) == name]
    hints = [f"| {spell(value, language)} | {question.words(name)} |" for name, value in told]
    return "\n\n".join(
        [
            "## " + speak.say(language, "solutions_exercise", number=number),
            question.words("question"),
            question.words("solution"),
            "**" + speak.say(language, "solutions_answer", answer=spell(question.answer, language)) + "**",
            "### " + speak.say(language, "solutions_mistakes"),
            "\n".join([f"| {columns[0]} | {columns[1]} |", "|---|---|", *hints]),
        ]
    )
