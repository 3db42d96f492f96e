"""What is signed with the key is accepted, byte for byte; everything else is 401 and leaves no trace in the queue."""

import hashlib
import hmac
import io
import urllib.request
import zipfile

from autograder.checks.expect import expect

BODY = '{"id":"check-signature",  "customer":"Zoë",\n "cents": 1}'.encode()


def _post(aws, lab, http, session, body, *, age_s=0, key=None, header=None, content_type="application/json"):
    """One request, signed with the current key unless told otherwise; its status."""
    key = key or aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    moment = int(session.now()) - age_s
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"content-type": content_type, "x-hook-signature": f"t={moment},v1={digest}" if header is None else header}
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    return http(url, method="POST", headers=headers, body=body).status


def _waiting(aws, lab):
    sqs = aws("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(attributes[name]) for name in names)


def test_what_is_signed_is_accepted_whatever_its_bytes(aws, lab, http, session):
    plain = _post(aws, lab, http, session, b'{"id": "check-plain", "customer": "ada", "cents": 1}')
    expect(200 <= plain < 300, f"A request signed with the key is answered {plain}; expected 202.")
    odd = _post(aws, lab, http, session, BODY)
    expect(
        200 <= odd < 300,
        f"A signed request whose JSON has line breaks and an ë is answered {odd}. The signature is over the bytes as they came, "
        "not over JSON written anew.",
    )
    encoded = _post(aws, lab, http, session, BODY, content_type="application/octet-stream")
    expect(200 <= encoded < 300, f"A signed body that the URL hands over encoded (isBase64Encoded) is answered {encoded}.")


def test_what_is_not_signed_is_refused_and_not_kept(aws, lab, http, session):
    before = _waiting(aws, lab)
    for what, choice in (
        ("without a signature", {"header": ""}),
        ("signed with another key", {"key": "a guess"}),
        ("with a header that is no signature", {"header": "hello"}),
        ("with a signature that is no digest", {"header": f"t={int(session.now())},v1=x"}),
    ):
        status = _post(aws, lab, http, session, BODY, **choice)
        expect(status == 401, f"A request {what} is answered {status}; expected 401.")
    kept = _waiting(aws, lab) - before
    expect(kept <= 0, f"{kept} of four requests that were refused lie in the queue all the same.")


def test_the_comparison_tells_nothing_by_its_speed(aws, lab):
    location = aws("lambda").get_function(FunctionName=lab.name("receiver"))["Code"]["Location"]
    with urllib.request.urlopen(location) as answer:  # noqa: S310 - the address came from the account
        package = zipfile.ZipFile(io.BytesIO(answer.read()))
    code = b"".join(package.read(name) for name in package.namelist())
    expect(
        b"compare_digest" in code,
        "The digests are compared with ==, which stops at the first difference: how long it takes tells how much was right. "
        "Compare in constant time.",
    )
