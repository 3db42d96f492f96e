"""Queue and function fit each other."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points

BATCH = 10
SHARE = 6  # Lambda guide, "Configuring a queue to use with Lambda"
KINDS = {
    "OrderQueueUrl": "AWS::SQS::Queue",
    "DeadLetterQueueUrl": "AWS::SQS::Queue",
    "OrderTableName": "AWS::DynamoDB::Table",
    "CustomerTableName": "AWS::DynamoDB::Table",
    "FunctionName": "AWS::Lambda::Function",
    "AlertTopicArn": "AWS::SNS::Topic",
}


@points(1, "configuration", hint="Every output the task asks for, with the name of a resource of this stack.", topic="m4-t1")
def test_stack_outputs(stack):
    with Tally() as tally:
        for name, kind in KINDS.items():
            sound = stack.outputs.get(name) in stack.physical(kind)
            tally.expect(sound, f"The output {name} is not there, or names no {kind} of the stack.")


@points(
    4, "configuration", hint="Timeout, visibility, batch and concurrency follow from each other: read the table.", topic="m2-t2"
)
def test_figures(evidence, variant):
    function, queue = evidence.facts.get("function"), evidence.facts.get("queue")
    mappings = evidence.facts.get("mappings", ())
    expect(
        function and queue and len(mappings) == 1, f"{len(mappings)} event source mappings take from the order queue, not one."
    )
    (mapping,) = mappings
    visibility, wanted = int(queue["VisibilityTimeout"]), SHARE * function["Timeout"] + mapping["MaximumBatchingWindowInSeconds"]
    with Tally() as tally:
        said = f"Messages are hidden for {visibility} s, and an invocation may take {function['Timeout']} s; "
        said += f"at least {wanted} s are asked for."
        tally.expect(visibility >= wanted, said)
        most = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")
        tally.expect(
            most == variant["concurrency"], f"The mapping's maximum concurrency is {most}, not {variant['concurrency']}."
        )
        reserved = evidence.facts.get("reserved")
        said = f"Reserved concurrency is {reserved}, below the mapping's: batches are refused, and each refusal costs an attempt."
        tally.expect(reserved is None or reserved >= variant["concurrency"], said)
        tally.expect(
            mapping["BatchSize"] >= BATCH, f"A batch has at most {mapping['BatchSize']} messages; {BATCH} were asked for."
        )
