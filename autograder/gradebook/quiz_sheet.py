"""A graded quiz as the form of a notebook: answer cells for everybody, and the questions of one learner above them."""

from __future__ import annotations

from autograder.gradebook.form import Part, Sheet
from autograder.quiz.assignment import CRITERION, SHEET_FILE, Drawn, Quiz, answer_file

_ELSEWHERE = "### Question {number}\n\nIt stands on your own sheet, the notebook or the text that you were given with your name."
_TASK = """# {title}

{questions} questions, {points:g} points each. They were drawn for you, and so was the order of choices: nobody else's letters are
yours."""
_HOW = """## Hand in

Write each answer behind `Answer:`, in the form that the question asks for. Leave the first line of a cell and the sheet's code
as they are. No cell has to be run, and nothing in this notebook is executed to grade it: answers are read as text. Then save
the notebook and submit the assignment."""


def quiz_sheet(quiz: Quiz, own: Drawn | None = None) -> Sheet:
    """Without ``own`` the one that nbgrader releases to all and rebuilds submissions on: the same cells, no question."""
    numbers = range(1, quiz.questions + 1)
    asked = {answer_file(one.number): one.text for one in own.questions} if own else {}
    return Sheet(
        slug=quiz.slug,
        title=quiz.title,
        task=_TASK.format(title=quiz.title, questions=quiz.questions, points=quiz.points),
        files={SHEET_FILE: f"Sheet: {own.code if own else ''}".rstrip() + "\n"}
        | {answer_file(number): "Answer:\n" for number in numbers},
        criteria=(Part(CRITERION, f"{quiz.questions} questions", quiz.questions * quiz.points),),
        rubric=(),
        how=_HOW,
        graded_by="your answers",
        before={answer_file(number): asked.get(answer_file(number), _ELSEWHERE.format(number=number)) for number in numbers},
    )


def quiz_text(quiz: Quiz, own: Drawn) -> str:
    """The learner's questions as a text to hand out, for answers in files or in the notebook that was released."""
    head = _TASK.format(title=quiz.title, questions=quiz.questions, points=quiz.points)
    rows = [f"{one.text}\n\nHand in as `{answer_file(one.number)}`." for one in own.questions]
    return "\n\n".join([head, f"Sheet: {own.code}", *rows]) + "\n"
