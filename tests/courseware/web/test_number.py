"""A page reads the numbers of answers as the graded quizzes do."""

from __future__ import annotations

import json
import subprocess

from courseware.node import find_node
from tests.autograder.quiz.test_number import COULD_BE_TWO, NONE, NUMBERS
from tests.courseware.web.models import WEB

READ = """
const { numberOf } = await import("data:text/javascript," + encodeURIComponent(process.argv[1]));
const named = (number) => (number === null ? "two" : Number.isNaN(number) ? "none" : number);
console.log(JSON.stringify(JSON.parse(process.argv[2]).map((written) => named(numberOf(written)))));
"""


def test_the_same_writings_are_the_same_numbers():
    written = [*NUMBERS, *COULD_BE_TWO, *NONE]
    source = (WEB / "src" / "number.js").read_text("utf-8")
    command = [find_node().path, "--input-type=module", "-e", READ, source, json.dumps(written)]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    expected = [*NUMBERS.values(), *["two"] * len(COULD_BE_TWO), *["none"] * len(NONE)]
    assert dict(zip(written, json.loads(done.stdout), strict=True)) == dict(zip(written, expected, strict=True))
