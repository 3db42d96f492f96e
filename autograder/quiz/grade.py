"""Answers to a drawn quiz as a report: a check for each question, with what was answered and why it is right or wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

from autograder.curriculum import Curriculum
from autograder.errors import GraderFault
from autograder.plain import plain
from autograder.quiz.assignment import CRITERION, SHEET_FILE, Drawn, Quiz, answer_file
from autograder.quiz.mark import mark
from autograder.quiz.question import ANSWER_CHARS_MAX, Question
from autograder.report import CheckResult, CriterionResult, Report

_CODE = re.compile(r"\b([0-9a-f]{8})-([0-9a-f]{8})\b")
NOTHING_RUN = "none: nothing was run"


def graded(quiz: Quiz, own: Drawn, files: Mapping[str, str], learner: str, curriculum: Curriculum) -> Report:
    """``files`` by path, answers being data. A sheet without its code is taken for the learner's own.

    GraderFault: the learner's sheet asks what the bank no longer does; no points can be given until it does again.
    """
    code = _CODE.search(files.get(SHEET_FILE, ""))
    if code and code[1] == own.owner and code[2] != own.content:
        raise GraderFault(
            f"{learner}'s sheet {code[0]} was drawn from another bank than {own.code}; restore the bank it was drawn from"
        )
    if code and code[1] != own.owner:
        stranger = f"Sheet {code[0]} was not drawn for {learner}. Answer the questions on your own sheet."
        checks = tuple(CheckResult(one.item.id, 0, quiz.points, stranger) for one in own.questions)
    else:
        titles = {name: topic.title for name, topic in curriculum.topics.items()}
        checks = tuple(_check(one, files.get(answer_file(one.number), ""), quiz.points, titles) for one in own.questions)
    criterion = CriterionResult(CRITERION, checks)
    told = {"sheet": own.code, "questions": [one.item.id for one in own.questions]}
    return Report(quiz.slug, learner, "graded", (criterion,), backend=NOTHING_RUN, variant=told)


def nothing_readable(quiz: Quiz, learner: str, reason: str) -> Report:
    """No answers at all: every point is lost, for a reason the learner can mend."""
    check = CheckResult("submission", 0, quiz.points * quiz.questions, reason)
    return Report(quiz.slug, learner, "graded", (CriterionResult(CRITERION, (check,)),), backend=NOTHING_RUN)


def _check(question: Question, written: str, points: float, titles: Mapping[str, str]) -> CheckResult:
    item = question.item
    hint = f"Read again: {titles.get(item.topic, item.topic)}."
    head = f"{question.number}. {plain(item.question)}"
    try:
        answer = question.read(written)
        if answer is None:
            return CheckResult(item.id, 0, points, f"{head}\nYou gave no answer.", hint)
        found = mark(item, answer)
    except ValueError as error:
        return CheckResult(item.id, 0, points, f"{head}\nYour answer could not be read: {error}", hint)
    short = " ".join(written.split()).removeprefix("Answer:").strip()[:ANSWER_CHARS_MAX]
    verdict = "right" if found.right else "partly right" if found.share else "wrong"
    says = "\n".join(plain(text).strip() for text in found.says)
    message = f"{head}\nYou answered {short}: {verdict}.\n{says}".rstrip()
    return CheckResult(item.id, round(points * found.share, 2), points, message, "" if found.right else hint)
