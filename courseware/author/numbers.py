"""Numbers with a unit come from the facts file, or are marked as an example.

In figures a number is always found. Written out it is found in a sentence that says what AWS does: one that names AWS or a
service of it, or what holds "by default" or "unless" something is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from courseware.author.content import Content
from courseware.author.finding import Finding
from courseware.author.prose import ROLE, Document
from sandbox.facts import facts, figures

RULE = "numbers"
_TIMES = r"ms|milliseconds?|s|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?"
_SIZES = r"bytes?|[kKMGT]i?B|[MG]B-s|GB-seconds?|MB/s|vCPUs?|percent|USD|dollars?|cents?"
_THINGS = r"requests?|invocations?|messages?|records?|attempts?|retries|shards?|characters?|environments?"
_FIGURES = r"\d(?:[\d,.]*\d)?"
_NUMBER = rf"{_FIGURES}(?:\s?[\u2013-]\s?{_FIGURES})?"
_STATUSES = r"(?![2-5]\d\ds\b)"  # "the 502s" are no seconds
HAND_TYPED = re.compile(
    rf"(?<![\w.$-]){_STATUSES}(?:\$\s?{_NUMBER}|{_NUMBER}\s?%(?!\w)|{_NUMBER}[\s-]?(?:{_TIMES}|{_SIZES}|{_THINGS})(?![\w-]))"
)
_ONE = r"(?:(?<=for )|(?<=after )|(?<=within ))(?:an?|one)|half an?|(?:a )?quarter of an"  # "10 requests a second" is a rate
_FEW = r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|sixteen"
_MANY = r"twenty|thirty|sixty|ninety|(?:a )?hundred|(?:a )?thousand"
_PERIODS = r"milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
_WORDS = rf"{_PERIODS}|(?:kilo|mega|giga)?bytes?|percent|times|attempts|tries|retries"
_WRITTEN_OUT = re.compile(rf"(?i)(?<![\w-])(?:{_ONE}|{_FEW}|{_MANY})[\s-]+(?:{_WORDS})\b")
_SAYS_OF_AWS = re.compile(
    r"\b(?:AWS|Lambda|EventBridge|SQS|SNS|S3|KMS|IAM|CloudWatch|CodeDeploy|CloudFormation|DynamoDB|Kinesis|API Gateway"
    r"|Step Functions|Standard execution|Secrets Manager)\b"
    r"|\bby default\b|\bunless\b|\botherwise\b|\bat the earliest\b|\bthe longest\b|\badvis"
)
_SENTENCE = re.compile(r"(?:[^.!?]|[.!?](?!\s|$))+")
SAID_TWICE = re.compile(rf"{ROLE}[ \n](?:{_TIMES}|{_SIZES})(?![\w-])")
_FIX = "cite a fact ({fact}`words <ID>`), a limit ({limit}`name.part`), or mark it ({example}`…`) if it is no fact"


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        if page.name != "reference/facts":
            yield from _of(page.document, page.path, None, "")
    for words in content.quiz_texts:
        yield from _of(words.document, words.path, words.line, f"item {words.what}: ")
    for figure in content.figures:
        yield from _of_figure(figure, figure.relative_to(content.root).as_posix())


def typed_by_hand(text: str) -> Iterator[re.Match[str]]:
    """Where ``text``, without its roles and code, has a number that should be cited or marked."""
    yield from HAND_TYPED.finditer(text)
    for sentence in _SENTENCE.finditer(text):
        if _SAYS_OF_AWS.search(sentence[0]):
            yield from _WRITTEN_OUT.finditer(text, sentence.start(), sentence.end())


def _of(document: Document, path: str, line: int | None, who: str) -> Iterator[Finding]:
    for passage in document.passages:
        for found in typed_by_hand(passage.text):
            here = passage.line + passage.text[: found.start()].count("\n")
            yield Finding(path, here if line is None else line, RULE, f"{who}{found[0]!r} is typed by hand: {_FIX}")
        for found in SAID_TWICE.finditer(passage.text):
            here = passage.line + passage.text[: found.start()].count("\n")
            twice = f"{who}a role is followed by {found[0][1:].strip()!r}: facts and limits print their unit; leave it out"
            yield Finding(path, here if line is None else line, RULE, twice)


def _of_figure(figure: Path, path: str) -> Iterator[Finding]:
    """A text with ``data-fact`` may say what the fact says; one with ``data-example`` what it likes."""
    for text in ET.parse(figure).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314
        words = "".join(text.itertext())
        if "data-example" in text.attrib or not HAND_TYPED.search(words):
            continue
        fact = facts().get(text.attrib.get("data-fact", ""))
        if fact is None:
            yield Finding(path, 0, RULE, f'{words!r} has a number: give the text data-fact="ID" or data-example=""')
        elif strange := figures(words) - figures(f"{fact.value} {fact.subject}"):
            yield Finding(path, 0, RULE, f"{words!r}: fact {fact.id} does not say {', '.join(sorted(strange))}")
