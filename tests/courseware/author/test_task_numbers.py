"""What AWS sets is cited in hints, checks, tasks and explorers; what a task sets itself is left alone."""

from __future__ import annotations

import pytest

LAB = """title = "L"
goal = "G"
minutes = 1
cost = "none"
names = {{}}

[[steps]]
id = "one"
title = "S"
hints = [
  "First.",
  {!r},
]
"""
CHECK = "def test_it(lab):\n    expect(lab, {})\n"


@pytest.fixture
def said(course):
    """The findings on a text that stands in ``path``."""

    def said(path, text):
        course.write(path, text)
        return course.findings("task-numbers")

    return said


def hint(text):
    return "labs/one/lab.toml", LAB.format(text)


def check(text):
    return "labs/one/checks/test_one.py", CHECK.format(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Longer than 900 seconds is too long.", "900 seconds"),
        ("SQS keeps a message for fourteen days.", "fourteen days"),
        ("EventBridge tries for a day.", "a day"),
        ("It goes after a week at the earliest.", "a week"),
        ("AWS advises six times as long.", "six times"),
        ("It is three seconds unless you set it.", "three seconds"),
    ],
)
def test_a_number_of_aws_typed_by_hand_is_found_in_a_hint(said, text, number):
    (found,) = said(*hint(text))
    assert found.startswith(f"labs/one/lab.toml:12 {number!r} is typed by hand")


@pytest.mark.parametrize(
    "text",
    [
        "Longer than {limit}`timeout_s.max` is too long for Lambda.",
        "AWS advises {fact}`six times <S-08>` as long.",
        "Set it to {example}`10 seconds`, unless you know better.",
        "Wait for five minutes, then look at the log. Lambda has written it.",
        "An order of 500 cents came twice.",
        "Lambda serves one request at a time; ask it for 10 of them a second.",
        "Config(read_timeout=3, retries=2)",
    ],
)
def test_cited_numbers_and_those_of_the_task_are_left_alone(said, text):
    assert said(*hint(text)) == []


def test_a_role_that_says_nothing_is_found_with_its_reason(said):
    (found,) = said("assessments/one/README.md", "# One\n\nAt most {fact}`7 MB <Q-08>`, and {limit}`timeout_s`.\n")
    assert found.startswith("assessments/one/README.md:3 fact Q-08 does not say 7")


def test_a_unit_after_a_role_is_found(said):
    (found,) = said(*hint("At most {limit}`timeout_s.max` seconds."))
    assert "print their unit" in found


@pytest.mark.parametrize(
    "text",
    ["'It has 128 MB.'", "f'{lab} has 128 ' 'MB'", "f'a {\"128 MB\"}'", "lab)  # (it has 128 MB"],
)
def test_what_a_check_says_is_read_however_it_is_put_together(said, text):
    (found,) = said(*check(text))
    assert found.startswith("labs/one/checks/test_one.py:2 '128 MB' is typed by hand")


@pytest.mark.parametrize(
    "text", ["f'{lab} MB'", 'f\'Lambda waits {fact_words("I-01", "1 min")}\'', "'{limit}`memory_mb` are few'"]
)
def test_a_check_may_name_its_numbers_or_cite_a_fact(said, text):
    assert said(*check(text)) == []


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("labs/one/lab.md", "# L\n\n```{code-cell} python\n:tags: [lab]\nx = 1  # 3 s by default\n```\n", 5),
        ("labs/one/solution/one.py", "deploy(\n    '''\nx = 1  # 3 s by default\n'''\n)\n", 2),
        ("assessments/one/starter/src/app.py", '"""It has 3 s."""\n', 1),
        ("assessments/one/starter/template.yaml", "Resources:\n  F:\n    Timeout: 3  # 3 s\n", 3),
        ("assessments/one/rubric.toml", '[[item]]\nlevels = [{ points = 1, text = "Within 3 s." }]\n', 2),
        ("courseware/web/src/explorers/one.js", "const a = 1; // 3 s\n", 1),
        ("courseware/web/src/explorers/one.js", "const a = [\n`up to 3 s ${b}`];\n", 2),
    ],
)
def test_code_rubrics_and_explorers_are_read_too(said, path, text, line):
    (found,) = said(path, text)
    assert found.startswith(f"{path}:{line} '3 s' is typed by hand")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("labs/one/solution/one.py", 'rule("rate(3 days)")\n'),
        ("courseware/web/src/explorers/one.js", 'const a = [["It is 3 s.", "Q-03"], [`up to ${n("b")} s`, "Q-03"]];\n'),
    ],
)
def test_data_of_code_and_claims_with_their_fact_are_left_alone(said, path, text):
    assert said(path, text) == []
