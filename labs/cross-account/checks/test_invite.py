"""The partner's shop may call the function and do nothing else to it; nobody else of the partner's may, and no stranger."""

from botocore.exceptions import ClientError

from autograder.checks.expect import expect


def _partner(session, lab, key):
    """A session of one of the partner's roles."""
    partner = session.elsewhere("partner")
    owner = partner.client("sts").get_caller_identity()["Account"]
    return partner.assuming(f"arn:aws:iam::{owner}:role/{lab.name(key)}")


def _refusal(session, function, operation="invoke"):
    """What AWS says to a session that tries; "" when it does it."""
    try:
        getattr(session.client("lambda"), operation)(FunctionName=function)
    except ClientError as error:
        return error.response["Error"]["Message"]
    return ""


def test_the_shop_calls_and_nobody_else(aws, lab, session):
    function = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["FunctionArn"]
    said = _refusal(_partner(session, lab, "caller"), function)
    expect(not said, f"The partner's role {lab.name('caller')} is refused: {said}")
    expect(_refusal(session.elsewhere("stranger"), function), "A stranger calls the function: its policy lets everybody in.")
    name = lab.name("bystander")
    expect(
        _refusal(_partner(session, lab, "bystander"), function),
        f"The partner's {name} calls it too: name the one role, not its account.",
    )
    expect(_refusal(session.elsewhere("partner"), function), "The partner's administrator calls the function as well.")


def test_the_shop_does_nothing_but_call(aws, lab, session):
    function = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["FunctionArn"]
    for operation in ("get_function", "delete_function_concurrency"):
        said = _refusal(_partner(session, lab, "caller"), function, operation)
        expect(said, f"The shop may do {operation} with your function; calling it takes lambda:InvokeFunction alone.")
