"""Tags go where botocore's models say that tags go."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from courseware.aws.kinds import KINDS
from courseware.aws.tags import tag_member, tagged

OURS = {"course-lab": "tea-shop"}
# What AWS gives no tags at its making (botocore's models): found again by the prefix of its name.
BY_NAME_ALONE = {"archive", "bucket", "layer", "schedule"}


def model(service: str, operation: str) -> Any:
    return botocore.session.get_session().get_service_model(service).operation_model(operation)


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("lambda", "CreateFunction", {"Tags": {"course-lab": "tea-shop"}}),
        ("sqs", "CreateQueue", {"tags": {"course-lab": "tea-shop"}}),
        ("iam", "CreateRole", {"Tags": [{"Key": "course-lab", "Value": "tea-shop"}]}),
        ("stepfunctions", "CreateStateMachine", {"tags": [{"key": "course-lab", "value": "tea-shop"}]}),
        ("codedeploy", "CreateApplication", {"tags": [{"Key": "course-lab", "Value": "tea-shop"}]}),
    ],
)
def test_each_service_gets_them_in_its_own_form(service: str, operation: str, expected: dict[str, Any]) -> None:
    member = tag_member(model(service, operation))
    assert member is not None
    assert tagged({}, member, OURS) == expected


def test_the_learners_own_tags_stay_and_ours_cannot_be_set_by_hand() -> None:
    listed = tag_member(model("iam", "CreateRole"))
    mapped = tag_member(model("lambda", "CreateFunction"))
    assert listed is not None
    assert mapped is not None
    own = [{"Key": "team", "Value": "tea"}, {"Key": "course-lab", "Value": "other"}]
    assert tagged({"Tags": own}, listed, OURS)["Tags"] == [own[0], {"Key": "course-lab", "Value": "tea-shop"}]
    assert tagged({"Tags": {"team": "tea", "course-lab": "other"}}, mapped, OURS)["Tags"] == {"team": "tea", **OURS}


def test_every_kind_takes_tags_or_is_known_to_take_none() -> None:
    untagged = {kind.name for kind in KINDS for operation in kind.creates if tag_member(model(kind.service, operation)) is None}
    assert untagged == BY_NAME_ALONE
