"""A check tells what was denied, what is too much, and what would have been enough."""

import pytest

from autograder.checks.expect import Partly
from autograder.evidence import Evidence
from autograder.probes.least_privilege import Canary, Grant
from autograder.probes.privileges import denials, enough, tell_excess
from autograder.probes.roles import Role
from sandbox.iam.principal import NamedPolicy, PolicySet

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
OTHER = "arn:aws:sqs:us-east-1:123456789012:payroll"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}
ROLE = Role(
    "arn:aws:iam::123456789012:role/worker",
    "worker",
    NamedPolicy("trust", {}),
    PolicySet((NamedPolicy("own", ALLOW),)),
    ("worker",),
)
CALLER = "arn:aws:sts::123456789012:assumed-role/worker/worker"
GRANTS = [Grant(("sqs:SendMessage",), (QUEUE,))]


def call(*, allowed: bool, principal: str = CALLER) -> dict[str, object]:
    return {"service": "sqs", "operation": "SendMessageBatch", "arns": [QUEUE], "allowed": allowed, "principal": principal}


def test_denials_are_those_of_the_roles_and_of_nobody_else() -> None:
    evidence = Evidence(
        calls=[call(allowed=False), call(allowed=True), call(allowed=False, principal="arn:aws:iam::123456789012:user/grader")]
    )
    assert denials(evidence, [ROLE]) == [f"sqs:SendMessageBatch on {QUEUE}"]


def test_what_was_called_says_what_would_have_been_enough() -> None:
    assert enough(Evidence(calls=[call(allowed=True)]), [ROLE], GRANTS) == f"sqs:SendMessage on {QUEUE}"
    assert enough(Evidence(), [ROLE], GRANTS) == "nothing"


def test_each_facet_counts_by_its_weight_and_the_statement_is_named() -> None:
    canaries = [Canary("queues", "own", QUEUE, "the orders"), Canary("queues", "strange", OTHER, "another queue")]
    with pytest.raises(Partly, match="Statement Send of the policy own allows sqs:SendMessage on another queue") as caught:
        tell_excess(Evidence(), [ROLE], canaries, GRANTS, {"own": 3, "strange": 1})
    assert caught.value.share == 0.75
