"""The change by hand was found and undone."""

from autograder.checks.expect import expect


def test_the_stack_says_again_what_is_there(aws, lab):
    configuration = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))
    expect(
        configuration["MemorySize"] == 128,
        f"The function has {configuration['MemorySize']} MB; the template says 128.",
    )
    stack = aws("cloudformation").describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    drift = stack.get("DriftInformation", {}).get("StackDriftStatus", "NOT_CHECKED")
    expect(
        drift == "IN_SYNC", f"The stack's last drift detection says {drift}: run it once more after you have undone the change."
    )
