"""It deploys anywhere, and says what is missing."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points


@points(
    1, "configuration", hint="Every output the task asks for, with the name or ARN of a resource of this stack.", topic="m4-t1"
)
def test_stack_outputs(stack):
    owners = {
        "UploadBucketName": "AWS::S3::Bucket",
        "ResultBucketName": "AWS::S3::Bucket",
        "NotificationTopicArn": "AWS::SNS::Topic",
        "AlertTopicArn": "AWS::SNS::Topic",
        "FunctionName": "AWS::Lambda::Function",
        "FailureQueueUrl": "AWS::SQS::Queue",
    }
    with Tally() as tally:
        for name, kind in owners.items():
            sound = stack.outputs.get(name) in stack.physical(kind)
            tally.expect(sound, f"The output {name} is not there, or names no {kind} of the stack.")
        topics = [stack.outputs.get(name) for name in ("NotificationTopicArn", "AlertTopicArn")]
        tally.expect(topics[0] != topics[1], "The alert topic is the notification topic: they have different readers.")


@points(
    1,
    "configuration",
    hint="Write Timeout and MemorySize yourself: {limit}`timeout_s` and {limit}`memory_mb` suit no image.",
    topic="m1-t6",
)
def test_limits(evidence):
    resources = evidence.facts.get("template", {}).get("Resources", {})
    functions = [row["Properties"] for row in resources.values() if row["Type"] == "AWS::Lambda::Function"]
    expect(functions, "The template has no function.")
    with Tally() as tally:
        for properties in functions:
            for name in ("Timeout", "MemorySize"):
                tally.expect(name in properties, f"A function has no {name} of its own in the template.")


@points(
    2,
    "configuration",
    hint="Read and check the environment at import, and raise an error that names the variable.",
    topic="m3-t2",
)
def test_environment(evidence):
    trials = evidence.notes.get("environment", [])
    expect(trials, "The function has no environment variable: what differs between stages is written into the code.")
    with Tally() as tally:
        for trial in trials:
            what = "was taken away" if trial["value"] is None else f"was set to {trial['value']!r}"
            tally.expect(trial["failed"], f"The variable {trial['name']} {what}; the function started all the same.")
            tally.expect(trial["name"] in trial["said"], f"The variable {trial['name']} {what}; the error does not name it.")


@points(1, "configuration", hint="Let CloudFormation name resources, or put Stage into every name you choose.", topic="m7-t1")
def test_names(evidence):
    why = evidence.notes.get("second", "it was not tried")
    expect(why == "", f"The template was deployed again with another Stage, beside the first; that failed: {why}")
