def job(path, method="POST", body=b"May"):
    """A call that the billing job signs."""
    keys = sts.assume_role(RoleArn=job_arn, RoleSessionName="night")["Credentials"]
    session = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
    )
    request = AWSRequest(
        method=method, url=address + path, data=body, headers={"content-type": "text/plain"}
    )
    SigV4Auth(session.get_credentials(), "execute-api", region).add_auth(request)
    return call(path, method, body=body, **dict(request.headers.items()))


route(api, BILLS, DEPOT, AuthorizationType="AWS_IAM")
resource = f"arn:aws:execute-api:{region}:{account}:*"
job_arn = make_role(
    JOB, ("execute-api:Invoke", resource), AWS=f"arn:aws:iam::{account}:root"
)
print("unsigned:  ", *call("/bills", "POST", body=b"May"))
print("signed:    ", *job("/bills"))
iam.delete_role_policy(RoleName=JOB, PolicyName="what-it-does")
print("right gone:", *job("/bills"))
job_arn = make_role(
    JOB, ("execute-api:Invoke", resource), AWS=f"arn:aws:iam::{account}:root"
)
