"""One template for every environment: the stage is a parameter, and a stage that does not exist is refused."""

import contextlib

from autograder.checks.expect import expect

CHANGE_SET = "check-of-the-lab"


def test_the_function_gets_its_stage_from_the_parameter(aws, lab):
    stack = aws("cloudformation").describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    given = {row["ParameterKey"]: row["ParameterValue"] for row in stack.get("Parameters", [])}
    expect("Stage" in given, f"The stack's parameters are {given or 'none'}; there is no Stage among them.")
    other = "dev" if given["Stage"] == "prod" else "prod"
    expect(
        _changes(aws, lab, other),
        f"Deployed with Stage {other} the stack would not change: the function does not use the parameter.",
    )
    expect(given["Stage"] == "prod", f"The stack's Stage is {given['Stage']}; deploy it with Stage prod.")
    configuration = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))
    stage = configuration.get("Environment", {}).get("Variables", {}).get("STAGE")
    expect(stage == "prod", f"The function's variable STAGE is {stage!r}, not prod.")


def test_a_wrong_stage_is_refused(aws, lab):
    expect(_changes(aws, lab, "prd") is None, "A deployment with the Stage 'prd' would be let through: list the AllowedValues.")


def _changes(aws, lab, stage):
    """What a deployment with this stage would change; None when it is refused."""
    cloudformation = aws("cloudformation")
    names = {"StackName": lab.name("stack"), "ChangeSetName": CHANGE_SET}
    try:
        cloudformation.create_change_set(
            **names,
            UsePreviousTemplate=True,
            Parameters=[{"ParameterKey": "Stage", "ParameterValue": stage}],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except cloudformation.exceptions.ClientError as error:
        expect(error.response["Error"]["Code"] == "ValidationError", f"A change set could not be made: {error}")
        return None
    with contextlib.suppress(Exception):  # a change set without changes counts as failed
        cloudformation.get_waiter("change_set_create_complete").wait(**names, WaiterConfig={"Delay": 2, "MaxAttempts": 30})
    shown = cloudformation.describe_change_set(**names)
    cloudformation.delete_change_set(**names)
    return [row["ResourceChange"]["LogicalResourceId"] for row in shown["Changes"]]
