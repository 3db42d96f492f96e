"""Nothing the lab made is left: not the stack, and not what the stack did not know of."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    stacks = [row["StackName"] for row in aws("cloudformation").describe_stacks()["Stacks"]]
    expect(lab.name("stack") not in stacks, f"The stack {lab.name('stack')} is still there.")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    expect(lab.name("function") not in functions, f"The function {lab.name('function')} is still there.")
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{lab.name('function')}")["logGroups"]
    expect(not groups, "The log group is still there: Lambda made it, not the stack, so the stack does not delete it.")
    buckets = [row["Name"] for row in aws("s3").list_buckets()["Buckets"]]
    left = [name for name in buckets if name.startswith(f"{lab.name('stack')}-packages-")]
    expect(not left, f"The bucket {', '.join(left)} is still there, with every package that was ever deployed.")
