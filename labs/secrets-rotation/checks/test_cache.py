"""One read serves many payments, for KEEP_S seconds; a key that is refused is read anew, once."""

import json
import secrets

from autograder.checks.expect import expect


def _pay(aws, lab, order):
    """What one payment came to."""
    answer = aws("lambda").invoke(FunctionName=lab.name("pay"), Payload=json.dumps({"order": order}))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def _keeping(aws, lab, seconds):
    """A new environment that may keep the key for so long."""
    client, function = aws("lambda"), lab.name("pay")
    variables = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    client.update_function_configuration(FunctionName=function, Environment={"Variables": {**variables, "KEEP_S": str(seconds)}})
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)


def _reads(lab, session):
    role = f":assumed-role/{lab.name('pay_role')}/"
    return len(session.control.calls(operation="GetSecretValue", principal=role, limit=10_000))


def _accepts(aws, lab, key):
    aws("dynamodb").put_item(TableName=lab.name("bank"), Item={"name": {"S": "accepted"}, "keys": {"SS": [key]}})


def test_one_read_serves_many_payments(aws, lab, session):
    _keeping(aws, lab, 300)
    before = _reads(lab, session)
    said = [_pay(aws, lab, f"check-{number}") for number in range(3)]
    expect(said[-1] == "check-2 paid", f"The function does not come to pay; it says: {said[-1]}")
    read = _reads(lab, session) - before
    expect(read == 1, f"Three payments in one environment read the secret {read} times; expected once.")


def test_a_refused_key_is_read_anew_once(aws, lab, session):
    _pay(aws, lab, "check-warm")
    new = secrets.token_hex(12)
    _accepts(aws, lab, new)
    aws("secretsmanager").put_secret_value(SecretId=lab.name("secret"), SecretString=new)
    said = _pay(aws, lab, "check-new")
    expect(
        said == "check-new paid",
        f"The key was changed, and a warm environment says: {said}. A key that is refused must be read anew.",
    )
    _accepts(aws, lab, "of-somebody-else")
    before = _reads(lab, session)
    said, read = _pay(aws, lab, "check-none"), _reads(lab, session) - before
    _accepts(aws, lab, new)
    expect("paid" not in said, "The bank refuses the key in the secret, and the function says that it has paid.")
    expect(read <= 1, f"The bank refuses the right key as well, and the function read the secret {read} times: ask again once.")


def test_a_key_is_kept_for_so_long_and_no_longer(aws, lab, session):
    _keeping(aws, lab, 0)
    before = _reads(lab, session)
    for number in range(3):
        session.wait(1)  # "older than" and "as old as" KEEP_S are both sound
        _pay(aws, lab, f"check-{number}")
    read = _reads(lab, session) - before
    _keeping(aws, lab, 300)
    expect(
        read >= 3,
        f"With KEEP_S=0, {read} of three payments read the secret: an environment that is kept warm has its first key for ever, "
        "also one that was taken out of use.",
    )
