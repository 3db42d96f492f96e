"""Every assessment proves itself: solutions get everything, the starter fails, every faulty twin loses what it names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import proof, score
from autograder.assessment import Assessment, find_assessments
from autograder.checks.marks import mark_of
from autograder.incident import has_incident
from autograder.intake import take
from autograder.judge import Judge, fixtures, run_scenarios
from autograder.marking.job import bench_for
from autograder.marking.repetition import repeat, text_of
from autograder.marking.roll import call_roll
from autograder.observer import observe
from autograder.proof import lost
from autograder.solutions import find_solutions, solution
from autograder.source_tree import tree_of
from autograder.twins import Twin, find_twins
from courseware import layers
from courseware.grading import FACTORY
from sandbox.iam.principal import NamedPolicy

ROOT = Path(__file__).parents[2]
ASSESSMENTS = find_assessments(ROOT / "assessments")
SOLUTIONS = [(one, style) for one in ASSESSMENTS for style in find_solutions(one)]
FIRST_SOLUTIONS = [next(rows) for _, rows in groupby(SOLUTIONS, key=lambda row: row[0].slug)]
TWINS = [(one, twin) for one in ASSESSMENTS for twin in find_twins(one)]
pytestmark = pytest.mark.timeout(600)  # dozens of cold starts on a machine that may be busy
TWINS_MIN = 10


def names(value: object) -> str:
    return value.slug if isinstance(value, Assessment) else str(getattr(value, "name", value))


class Judges:
    """One for each assessment, opened when it is first asked for."""

    def __init__(self) -> None:
        self._open: dict[str, Judge] = {}

    def of(self, assessment: Assessment) -> Judge:
        if assessment.slug not in self._open:
            made = Judge(assessment, layers.ready(assessment.layers, ROOT / ".course"), course_key=proof.KEY)
            self._open[assessment.slug] = made.__enter__()
        return self._open[assessment.slug]

    def close(self) -> None:
        for judge in self._open.values():
            judge.__exit__(None, None, None)


@pytest.fixture(scope="module")
def judges() -> Iterator[Judges]:
    held = Judges()
    yield held
    held.close()


@pytest.mark.parametrize(("assessment", "style"), SOLUTIONS, ids=names)
def test_a_sound_solution_gets_everything(assessment: Assessment, style: str, judges: Judges) -> None:
    report = judges.of(assessment).report_of(solution(assessment, style), style)
    assert (report.status, report.reason, lost(report)) == ("graded", "", {})
    assert report.score == assessment.points


@pytest.mark.parametrize("assessment", ASSESSMENTS, ids=names)
def test_the_starter_deploys_and_fails(assessment: Assessment, judges: Judges) -> None:
    report = judges.of(assessment).report_of(take(assessment.folder / "starter"), "starter")
    assert report.score < 0.2 * report.max
    assert lost(report).get("stack-outputs", "As expected.").startswith("As expected.")  # though it may be capped


@pytest.mark.parametrize("assessment", [one for one in ASSESSMENTS if has_incident(one)], ids=names)
def test_evidence_that_learners_are_given_is_what_the_starter_does(assessment: Assessment, judges: Judges) -> None:
    assert proof.evidence_problems(judges.of(assessment)) == ()


@pytest.mark.parametrize(("assessment", "twin"), TWINS, ids=names)
def test_a_faulty_twin_loses_exactly_what_it_names(assessment: Assessment, twin: Twin, judges: Judges) -> None:
    assert proof.twin_problems(twin, judges.of(assessment).report_of(twin.tree, twin.name)) == ()


@pytest.mark.parametrize("assessment", ASSESSMENTS, ids=names)
def test_points_add_up_and_every_check_is_lost_by_some_twin(assessment: Assessment) -> None:
    assert proof.still(assessment).problems == ()
    assert len([twin for owner, twin in TWINS if owner is assessment]) >= TWINS_MIN


@pytest.mark.parametrize(("assessment", "style"), FIRST_SOLUTIONS, ids=names)
def test_a_learner_is_judged_by_their_own_values_and_a_copy_shows(assessment: Assessment, style: str, judges: Judges) -> None:
    """``./course author prove`` does the same with every solution."""
    judge, sound = judges.of(assessment), solution(assessment, style)
    assert proof.own_values_problems(judge, sound) == ()
    assert proof.copy_problems(judge, sound) == ()


def test_the_same_submission_gives_the_same_report_whenever_and_wherever_it_is_judged(judges: Judges, tmp_path: Path) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    proof.written(assessment, tmp_path, "reads-every-bucket")
    proof.written(assessment, tmp_path, "starter")
    handed = call_roll(tmp_path, "")
    here = {one.name: replace(judges.of(assessment).report(one.folder, one.name), digest=one.digest) for one in handed}
    settings = {"course_key": proof.KEY.hex()}
    for one in repeat(bench_for(assessment.folder, FACTORY, settings), handed, times=1, places=1):
        assert one.texts == (text_of(here[one.name]),)


Points = Callable[..., dict[str, float]]
EXCESSES = st.builds(
    lambda action, resource: {"Effect": "Allow", "Action": action, "Resource": resource},
    st.sampled_from(["s3:GetObject", "s3:*", "s3:Put*", "sqs:SendMessage", "sns:Publish", "iam:PassRole", "ec2:Run*", "*"]),
    st.sampled_from(["arn:aws:s3:::*", "arn:aws:s3:::*/incoming/*", "arn:aws:sqs:*:123456789012:*", "arn:aws:sns:*:*:*", "*"]),
)


@pytest.fixture(scope="module")
def points_with(judges: Judges) -> Points:
    """What least privilege gives the plain solution, by check, had its role these policies (lists of statements) as well."""
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    judge = judges.of(assessment)
    scene = judge.scene(solution(assessment, "plain"), assessment.variant(b"", ""))
    run_scenarios(judge.program, scene)
    observe(scene)
    (role,) = scene.evidence.facts["roles"]
    checks = [check for check in judge.program.checks if mark_of(check).criterion == "least-privilege"]

    def points(*policies: list[dict[str, Any]]) -> dict[str, float]:
        more = [NamedPolicy(f"more{n}", {"Version": "2012-10-17", "Statement": rows}) for n, rows in enumerate(policies)]
        held = replace(role.policies, identity=(*role.policies.identity, *more))
        scene.evidence.facts["roles"] = (replace(role, policies=held),)
        scene.evidence.facts.pop("excess", None)  # found once for all checks
        results = score.score(replace(assessment, work=None), checks, fixtures(scene))  # the work is asked by other checks
        return {row.id: row.points for criterion in results for row in criterion.checks}

    return points


@settings(deadline=None, max_examples=10)
@given(st.lists(EXCESSES, max_size=3), EXCESSES)
def test_one_allow_more_never_gives_a_point_more(points_with: Points, rows: list[dict[str, Any]], more: dict[str, Any]) -> None:
    before, after = points_with(rows), points_with([*rows, more])
    assert {name: after[name] for name in after if after[name] > before[name]} == {}


@settings(deadline=None, max_examples=6)
@given(st.lists(EXCESSES, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_policies_that_mean_the_same_get_the_same_points(points_with: Points, rows: list[dict[str, Any]], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    spelled = [{**row, "Action": [row["Action"].upper()], "Resource": [row["Resource"]] * 2} for row in shuffled]
    assert points_with(rows) == points_with(*[[row] for row in shuffled]) == points_with(spelled)


def test_points_are_lost_by_what_the_properties_try(points_with: Points) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert sum(points_with([everything]).values()) < 0.5 * sum(points_with([]).values())


IDLE = {
    "fails-always": "def handler(event, context):\n    raise RuntimeError('no')\n",
    "writes-no-images": """
import os
from urllib.parse import unquote_plus

import boto3

s3, sns = boto3.client("s3"), boto3.client("sns")


def handler(event, context):
    for record in event.get("Records", ()):
        stem = unquote_plus(record["s3"]["object"]["key"]).split("/", 1)[1].rpartition(".")[0]
        for key in (f"thumbnails/{stem}.webp", f"previews/{stem}.jpg"):
            s3.put_object(Bucket=os.environ["RESULT_BUCKET"], Key=key, Body=b"no image")
        sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="{}")
""",
}


@pytest.mark.parametrize("name", IDLE)
def test_a_sound_template_around_code_that_does_not_do_the_work_is_worth_next_to_nothing(name: str, judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    plain = solution(assessment, "plain")
    template = plain.files["template.yaml"]
    report = judges.of(assessment).report_of(tree_of({"template.yaml": template, "src/app.py": IDLE[name].encode()}), name)
    assert (report.status, report.reason) == ("graded", "")
    assert 0 < report.score <= 10


SOUND = {
    "canary-with-rollback": "sam",
    "mend-the-broken-stack": "plain",
    "queue-worker": "transaction",
    "repair-the-blind-service": "plain",
    "repair-the-role": "inline",
}


@pytest.mark.parametrize("slug", SOUND)
def test_a_sound_template_around_functions_that_answer_nothing_is_worth_little(slug: str, judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == slug]
    sound = solution(assessment, SOUND[slug])
    idle = {name: emptied(data) if name.endswith(".py") else data for name, data in sound.files.items()}
    report = judges.of(assessment).report_of(tree_of(idle), "idle")
    assert (report.status, report.reason) == ("graded", "")
    assert 0 < report.score < 12


def test_outputs_that_name_something_else_cost_points_and_do_not_stop_the_judge(judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    outputs = "".join(f"  {name}: {{Value: !Ref Topic}}\n" for name in assessment.outputs)
    template = f"Resources:\n  Topic: {{Type: AWS::SNS::Topic}}\nOutputs:\n{outputs}"
    report = judges.of(assessment).report_of(tree_of({"template.yaml": template.encode()}), "only-outputs")
    assert (report.status, report.reason) == ("graded", "")
    assert report.score < 5


def emptied(module: bytes) -> bytes:
    """Every function of a module, and what it does no more."""
    names = [node.name for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)]
    return "".join(f"def {name}(*_, **__):\n    return {{}}\n\n\n" for name in names).encode()


FORBIDS = """
  Shut{name}:
    Type: AWS::{kind}Policy
    Properties:
      {subject}
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Deny, Principal: "*", Action: "*", Resource: {arns}}}]
"""
SHUT = {
    # resource: (type, how its policy names it, ARNs)
    "Uploads": ("S3::Bucket", "Bucket: !Ref Uploads", '[!GetAtt Uploads.Arn, !Sub "${Uploads.Arn}/*"]'),
    "Results": ("S3::Bucket", "Bucket: !Ref Results", '[!GetAtt Results.Arn, !Sub "${Results.Arn}/*"]'),
    "Failures": ("SQS::Queue", "Queues: [!Ref Failures]", "!GetAtt Failures.Arn"),
    "Notifications": ("SNS::Topic", "Topics: [!Ref Notifications]", "!Ref Notifications"),
}


@pytest.mark.parametrize("shut", SHUT)
def test_a_stack_that_forbids_the_grader_to_look_is_graded_by_the_rest(shut: str, judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    plain = solution(assessment, "plain")
    kind, subject, arns = SHUT[shut]
    policy = FORBIDS.format(name=shut, kind=kind, subject=subject, arns=arns)
    template = plain.files["template.yaml"].decode().replace("\nOutputs:", f"{policy}\nOutputs:")
    report = judges.of(assessment).report_of(tree_of({**plain.files, "template.yaml": template.encode()}), shut)
    assert (report.status, report.reason) == ("graded", "")
    assert report.score < 90


def test_what_cannot_be_read_gets_nothing_and_is_told_why(judges: Judges, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no template")
    report = judges.of(ASSESSMENTS[0]).report(tmp_path, "ada")
    assert (report.status, report.score, report.submission) == ("graded", 0, "ada")
    assert "template.yaml" in report.criteria[0].checks[0].message
