"""Every assessment proves itself: solutions get everything, the starter fails, every faulty twin loses what it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import proof
from autograder.assessment import Assessment, find_assessments
from autograder.incident import has_incident
from autograder.intake import take
from autograder.judge import Judge
from autograder.proof import lost
from autograder.source_tree import SourceTree, tree_of
from autograder.twins import Twin, find_twins
from courseware import layers

ROOT = Path(__file__).parents[2]
ASSESSMENTS = find_assessments(ROOT / "assessments")
SOLUTIONS = [(one, style) for one in ASSESSMENTS for style in sorted((one.folder / "solutions").iterdir())]
TWINS = [(one, twin) for one in ASSESSMENTS for twin in find_twins(one)]
pytestmark = pytest.mark.timeout(600)  # dozens of cold starts on a machine that may be busy
KEY = bytes(range(16))
TWINS_MIN = 10


def names(value: object) -> str:
    return value.slug if isinstance(value, Assessment) else str(getattr(value, "name", value))


class Judges:
    """One for each assessment, opened when it is first asked for."""

    def __init__(self) -> None:
        self._open: dict[str, Judge] = {}

    def of(self, assessment: Assessment) -> Judge:
        if assessment.slug not in self._open:
            made = Judge(assessment, layers.ready(assessment.layers, ROOT / ".course"), course_key=KEY)
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
def test_a_sound_solution_gets_everything(assessment: Assessment, style: Path, judges: Judges) -> None:
    report = judges.of(assessment).report_of(take(style), style.name)
    assert (report.status, report.reason, lost(report)) == ("graded", "", {})
    assert report.score == assessment.points


@pytest.mark.parametrize("assessment", ASSESSMENTS, ids=names)
def test_the_starter_deploys_and_fails(assessment: Assessment, judges: Judges) -> None:
    report = judges.of(assessment).report_of(take(assessment.folder / "starter"), "starter")
    assert report.score < 0.2 * report.max
    assert "stack-outputs" not in lost(report)


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


def varied(assessment: Assessment, tree: SourceTree, learner: str) -> SourceTree:
    """The plain solution as that learner would write it: only its template holds the values."""
    mine = assessment.variant(KEY, learner)
    text = tree.files["template.yaml"].decode()
    for name in ("incoming", "thumbnails", "previews"):
        default = next(choice.default for choice in assessment.choices if choice.name == name)
        text = text.replace(f"{default}/", f"{mine[name]}/")
    for variable, value in {
        "THUMBNAIL_SIDE": mine["thumbnail_px"],
        "PREVIEW_SIDE": mine["preview_px"],
        "BYTES_MAX": int(mine["mebibytes_max"]) * 1_048_576,
        "PIXELS_MAX": int(mine["megapixels_max"]) * 1_000_000,
    }.items():
        text = re.sub(rf'{variable}: "\d+"', f'{variable}: "{value}"', text)
    text = text.replace("METRIC_NAMESPACE: ImageApplication", f"METRIC_NAMESPACE: {mine['namespace']}")
    return tree_of({**tree.files, "template.yaml": text.encode()})


def test_a_learner_with_values_of_their_own_is_judged_by_them(judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    plain = take(assessment.folder / "solutions/plain")
    learner = next(f"learner-{n}" for n in range(100) if differs_everywhere(assessment, f"learner-{n}"))
    judge = judges.of(assessment)
    assert lost(judge.report_of(varied(assessment, plain, learner), learner, learner)) == {}
    copied = judge.report_of(plain, learner, learner)
    assert copied.score < 40
    assert copied.variant == assessment.variant(KEY, learner)


def test_a_parcel_is_tried_as_often_as_the_learner_was_told(judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "mend-the-broken-stack"]
    learner = next(f"learner-{n}" for n in range(100) if differs_everywhere(assessment, f"learner-{n}"))
    plain, mine = take(assessment.folder / "solutions/plain"), assessment.variant(KEY, learner)
    judge = judges.of(assessment)
    assert list(lost(judge.report_of(plain, learner, learner))) == ["refused"]
    template = plain.files["template.yaml"].replace(b"maxReceiveCount: 3", f"maxReceiveCount: {mine['attempts']}".encode())
    assert lost(judge.report_of(tree_of({**plain.files, "template.yaml": template}), learner, learner)) == {}


def differs_everywhere(assessment: Assessment, learner: str) -> bool:
    mine = assessment.variant(KEY, learner)
    return all(mine[choice.name] != choice.default for choice in assessment.choices)


def test_the_same_submission_gives_the_same_report_whatever_was_judged_before(judges: Judges) -> None:
    (assessment,) = [one for one in ASSESSMENTS if one.slug == "image-application"]
    twin = next(twin for _, twin in TWINS if twin.name == "reads-every-bucket")
    judge = judges.of(assessment)
    reports = [judge.report_of(twin.tree, "ada")]
    judge.report_of(take(assessment.folder / "starter"), "grace")
    reports.append(judge.report_of(twin.tree, "ada"))
    with Judge(assessment, layers.ready(assessment.layers, ROOT / ".course"), course_key=KEY) as another:
        reports.append(another.report_of(twin.tree, "ada"))
    texts = {json.dumps(replace(report, seconds={}).as_json()) for report in reports}
    assert len(texts) == 1


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
    plain = take(assessment.folder / "solutions/plain")
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
