"""What AWS sets comes from the facts file in hints, tasks, checks and explorers too; a task's own numbers stay its own.

A number in figures with a unit is always found: a role marks it, or the code names it. Written out, as hints say it, it is found
in a sentence that says what AWS does: one that names AWS or a service of it, or what holds "by default" or "unless" something is
said. Prices of AWS are in dollars, so cents are a task's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.plain import plain
from courseware.author.content import Content
from courseware.author.finding import Finding
from courseware.author.numbers import HAND_TYPED, SAID_TWICE
from courseware.author.task_texts import Text, task_texts

RULE = "task-numbers"
_ONE = r"(?:(?<=for )|(?<=after )|(?<=within ))(?:an?|one)|half an?|(?:a )?quarter of an"  # "10 requests a second" is a rate
_FEW = r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|sixteen"
_MANY = r"twenty|thirty|sixty|ninety|(?:a )?hundred|(?:a )?thousand"
_TIMES = r"milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
_UNITS = rf"{_TIMES}|(?:kilo|mega|giga)?bytes?|percent|times|attempts|tries|retries"
_WRITTEN_OUT = re.compile(rf"(?i)\b(?:{_ONE}|{_FEW}|{_MANY})[\s-]+(?:{_UNITS})\b")
_AWS = re.compile(
    r"\b(?:AWS|Lambda|EventBridge|SQS|SNS|S3|KMS|IAM|CloudWatch|CodeDeploy|CloudFormation|DynamoDB|Kinesis|API Gateway"
    r"|Step Functions|Standard execution|Secrets Manager)\b"
    r"|\bby default\b|\bunless\b|\botherwise\b|\bat the earliest\b|\bthe longest\b|\badvis"
)
_SENTENCE = re.compile(r"(?:[^.!?]|[.!?](?!\s|$))+")
_ROLE = re.compile(r"\{(?:fact|limit|example)\}`[^`]*`")
_FIX = (
    "what AWS sets is cited ({fact}`words <ID>`, {limit}`name.part`; in Python fact_words, limit_words); "
    "a number of the task's own is marked ({example}`…`) or, in code, has a name"
)


def check(content: Content) -> Iterator[Finding]:
    for text in task_texts(content.root):
        path = text.path.relative_to(content.root).as_posix()
        for problem in _problems(text):
            yield Finding(path, text.line, RULE, problem)


def _problems(text: Text) -> Iterator[str]:
    found = [one[0] for one in HAND_TYPED.finditer(text.words) if not one[0].endswith(("cent", "cents"))]
    for sentence in _SENTENCE.finditer(text.words):
        if _AWS.search(sentence[0]):
            found += [one[0] for one in _WRITTEN_OUT.finditer(sentence[0])]
    for number in found:
        yield f"{number!r} is typed by hand: {_FIX}"
    if text.path.suffix == ".toml" or text.path.name == "README.md":
        for twice in SAID_TWICE.finditer(text.words):
            yield f"a role is followed by {twice[0][1:].strip()!r}: facts and limits print their unit; leave it out"
    for role in _ROLE.finditer(text.raw):
        try:
            plain(role[0])
        except ValueError as error:
            yield str(error)
