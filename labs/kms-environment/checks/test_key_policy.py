"""The function's role is let in by the key itself, and no other role of the account, whatever its policy says."""

import base64
import hashlib
import json

from botocore.exceptions import ClientError

from autograder.checks.expect import expect

DIGEST = hashlib.sha256(b"tok-4711-partner").hexdigest()[:8]


def _run(aws, lab):
    """What one call in a new environment came to."""
    client, function = aws("lambda"), lab.name("function")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    return _again(aws, lab)


def _again(aws, lab):
    answer = json.loads(aws("lambda").invoke(FunctionName=lab.name("function"))["Payload"].read())
    return str(answer.get("errorMessage", answer)) if isinstance(answer, dict) else str(answer)


def _opened_by_another(aws, lab, session):
    """Whether a role with every right of KMS opens the token."""
    iam, account = aws("iam"), aws("sts").get_caller_identity()["Account"]
    trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    star = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    trusted, right = (json.dumps({"Version": "2012-10-17", "Statement": [row]}) for row in (trust, star))
    role = iam.create_role(RoleName="check-any-key", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    try:
        iam.put_role_policy(RoleName="check-any-key", PolicyName="all", PolicyDocument=right)
        variables = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["Environment"]["Variables"]
        cipher = base64.b64decode(variables["TOKEN"])
        other = session.assuming(role).client("kms")
        other.decrypt(CiphertextBlob=cipher, EncryptionContext={"function": lab.name("function")})
    except ClientError:
        return False
    else:
        return True
    finally:
        iam.delete_role_policy(RoleName="check-any-key", PolicyName="all")
        iam.delete_role(RoleName="check-any-key")


def test_the_key_lets_in_this_role_alone(aws, lab, session):
    said = _run(aws, lab)
    expect(said == DIGEST, f"The key does not let the function in; it says: {said}")
    expect(
        not _opened_by_another(aws, lab, session),
        "Another role opens the token, by a policy of its own: the key leaves the decision to the account.",
    )
