"""It can do this and nothing more."""

from autograder.checks.expect import expect
from autograder.checks.marks import points
from autograder.probes.invocation import STRANGER, intruders, strangers_trusted, trusts_lambda
from autograder.probes.least_privilege import Canary, Grant
from autograder.probes.privileges import denials, tell_excess

ACCOUNT, REGION = "123456789012", "us-east-1"
READING = ("lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction")


@points(3, "least-privilege", hint="Read the denial: it names the action and the resource that are missing.", topic="m3-t1")
def test_enough(evidence):
    denied = denials(evidence, evidence.facts.get("roles", ()))
    expect(not denied, f"A function was denied what it asked for: {'; '.join(denied)}.")
    expect(released(evidence), "No release went through, so nothing shows what the roles need.")


@points(6, "least-privilege", hint="One function's versions, one deployment group, and two actions.", topic="m3-t1")
def test_hook_role(evidence, stack):
    told(evidence, stack, {"own-function": 1, "other-functions": 3, "other-deployments": 2})


@points(3, "least-privilege", hint="No other service, no way to more power, and Lambda alone in the trust policy.", topic="m3-t1")
def test_nothing_else(evidence, stack):
    for role in evidence.facts.get("roles", ()):
        expect(trusts_lambda(role.trust, role.arn), "A role cannot be assumed by Lambda.")
        strangers = strangers_trusted(role.trust, role.arn)
        expect(not strangers, f"A role of a function may also be assumed by {', '.join(strangers)}.")
    told(evidence, stack, {"escalation": 2, "elsewhere": 1})


@points(3, "least-privilege", hint="Callers of your own account need no resource policy at all.", topic="m3-t4")
def test_invocation(evidence):
    expect(released(evidence), "No release went through, so nothing shows who has to call.")
    told = [", ".join(let_in) for guarded in evidence.facts.get("guarded", ()) if (let_in := intruders(guarded, "", ACCOUNT))]
    expect(not told, f"A function's policy lets {'; another lets '.join(told)} call it.")


def told(evidence, stack, facets):
    roles = evidence.facts.get("roles", ())
    expect(roles and released(evidence), "No release went through, so nothing shows what the roles need.")
    tell_excess(evidence, roles, canaries_of(stack), grants_of(stack), facets)


def released(evidence):
    return any(held.get("status") == "UPDATE_COMPLETE" for held in evidence.notes.get("releases", {}).values())


def grants_of(stack):
    """What a sound design may need, each on its own resources."""
    function = function_arn(stack.outputs.get("FunctionName", ""))
    groups = tuple(deployments(f"{name}/*") for name in stack.physical("AWS::CodeDeploy::Application"))
    reporting = (
        "codedeploy:PutLifecycleEventHookExecutionStatus",
        "codedeploy:GetDeployment*",
        "codedeploy:ListDeploymentTargets",
    )
    return [
        Grant(("lambda:InvokeFunction", *READING), (function, f"{function}:*")),
        Grant(reporting, groups),
        Grant(("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"), ("*",)),
        Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*", "cloudwatch:PutMetricData"), ("*",)),
    ]


def canaries_of(stack):
    """What the functions have no business with, next to what they have."""
    function = function_arn(stack.outputs.get("FunctionName", ""))
    stranger = f"arn:aws:lambda:{REGION}:{STRANGER}:function:payroll"
    functions = [("own-function", f"{function}:1", "the function's versions", "")]
    functions.append(("other-functions", f"{function}-of-somebody-else", "another function", ""))
    functions.append(("other-functions", function_arn("payroll"), "another function", ""))
    functions.append(("other-functions", stranger, "another account's function", STRANGER))
    return [
        *(
            Canary(group, facet, arn, words, account)
            for facet, arn, words, account in functions
            for group in ("elsewhere", "escalation")
        ),
        Canary("elsewhere", "other-deployments", deployments("payroll/live"), "another application's deployments"),
    ]


def deployments(name):
    return f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:deploymentgroup:{name}"


def function_arn(name):
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name.rpartition(':')[2]}"
