"""The job's route wants a signature, and the job's role may call that route alone."""

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from autograder.checks.expect import NotYet, expect


def _api(aws, lab):
    """The id of the API and its address."""
    for row in aws("apigatewayv2").get_apis()["Items"]:
        if row["Name"] == lab.name("api"):
            return row["ApiId"], row["ApiEndpoint"]
    raise NotYet(f"There is no API {lab.name('api')}.")


def _role(aws, lab):
    return aws("iam").get_role(RoleName=lab.name("job"))["Role"]["Arn"]


def test_nobody_calls_it_without_a_signature(aws, lab, http):
    answer = http(f"{_api(aws, lab)[1]}/bills", method="POST", body=b"May")
    expect(answer.status == 403, f"Without a signature POST /bills answers {answer.status}.")


def test_the_job_calls_it_and_is_known(aws, lab, http, session):
    keys = aws("sts").assume_role(RoleArn=_role(aws, lab), RoleSessionName="check")["Credentials"]
    signer = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    url = f"{_api(aws, lab)[1]}/bills"
    request = AWSRequest(method="POST", url=url, data=b"May", headers={"content-type": "text/plain"})
    SigV4Auth(signer.get_credentials(), "execute-api", session.region).add_auth(request)
    answer = http(url, method="POST", headers=dict(request.headers.items()), body=b"May")
    expect(answer.status == 200, f"The job signs and gets {answer.status}: {answer.text}")
    expect(lab.name("job") in answer.text, f"The function does not learn who called: {answer.text}")


def test_the_job_may_call_no_other_route(aws, lab, session):
    api, role = _api(aws, lab)[0], _role(aws, lab)
    account = role.split(":")[4]
    place = f"arn:aws:execute-api:{session.region}:{account}"
    others = [f"{place}:{api}/$default/DELETE/parcels/p-1", f"{place}:{api}/$default/POST/parcels/p-1/scan"]
    others += [f"{place}:0other0api/$default/POST/bills"]
    found = aws("iam").simulate_principal_policy(PolicySourceArn=role, ActionNames=["execute-api:Invoke"], ResourceArns=others)[
        "EvaluationResults"
    ]
    open_still = [row["EvalResourceName"] for row in found if row["EvalDecision"] == "allowed"]
    expect(not open_still, f"The job may also call {', '.join(open_still)}.")
