"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function = lab.name("function")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    expect(function not in functions, f"The function {function} is still there.")
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    expect(not groups, f"The log group /aws/lambda/{function} is still there: it would be billed for storage for ever.")
    alarms = aws("cloudwatch").describe_alarms(AlarmNames=[lab.name("alarm")])["MetricAlarms"]
    expect(not alarms, f"The alarm {lab.name('alarm')} is still there: it costs money every month.")
    applications = aws("codedeploy").list_applications()["applications"]
    expect(lab.name("application") not in applications, f"The CodeDeploy application {lab.name('application')} is still there.")
    roles = [row["RoleName"] for row in aws("iam").list_roles()["Roles"]]
    left = [name for name in (lab.name("role"), lab.name("deploy_role")) if name in roles]
    expect(not left, f"Still there: the role {', '.join(left)}.")
