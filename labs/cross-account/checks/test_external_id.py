"""The partner's service assumes the role for this customer; for another one, without an id, or as the intern it does not."""

from botocore.exceptions import ClientError

from autograder.checks.expect import expect


def _partner(session, lab, key):
    """A session of one of the partner's roles."""
    partner = session.elsewhere("partner")
    owner = partner.client("sts").get_caller_identity()["Account"]
    return partner.assuming(f"arn:aws:iam::{owner}:role/{lab.name(key)}")


def _assumes(session, role, **more):
    try:
        session.assuming(role, **more)
    except ClientError:
        return False
    return True


def test_the_role_is_lent_for_one_customer(aws, lab, session):
    role = aws("iam").get_role(RoleName=lab.name("reader"))["Role"]["Arn"]
    shop, intern, ours = _partner(session, lab, "caller"), _partner(session, lab, "bystander"), lab.name("external_id")
    expect(_assumes(shop, role, ExternalId=ours), "The partner's service cannot assume the role on your behalf.")
    expect(not _assumes(shop, role, ExternalId="customer-666"), "It assumes your role on behalf of another customer too.")
    expect(not _assumes(shop, role), "It assumes your role without saying on whose behalf.")
    expect(
        not _assumes(intern, role, ExternalId=ours), "The partner's intern assumes your role as well: name the one role that may."
    )


def test_what_is_lent_is_reading(aws, lab, session):
    role = aws("iam").get_role(RoleName=lab.name("reader"))["Role"]["Arn"]
    borrowed = _partner(session, lab, "caller").assuming(role, ExternalId=lab.name("external_id")).client("dynamodb")
    borrowed.scan(TableName=lab.name("table"))
    try:
        borrowed.put_item(TableName=lab.name("table"), Item={"id": {"S": "check"}})
    except ClientError:
        written = False
    else:
        written = True
    expect(not written, "Who borrows the role may write into the price list; reading was asked for.")
