"""AWS Signer's profiles."""

from __future__ import annotations

from sandbox.deployment.kind import Api, Steps, Work, kind


def _create(work: Work) -> Steps:
    name = work.name("ProfileName", 64).replace("-", "_")  # a profile's name has letters, digits and underscores
    validity = work.get("SignatureValidityPeriod")
    given = {"signatureValidityPeriod": {"type": validity["Type"], "value": validity["Value"]}} if validity else {}
    given |= {"tags": work.all_tags()} if work.all_tags() else {}
    answer = yield Api("signer", "PutSigningProfile", {"profileName": name, "platformId": work.properties["PlatformId"], **given})
    work.physical_id = answer["arn"]
    version = {"ProfileVersion": answer["profileVersion"], "ProfileVersionArn": answer["profileVersionArn"]}
    work.only(Arn=answer["arn"], ProfileName=name, **version)


def _delete(work: Work) -> Steps:
    """A profile is cancelled; signatures made with it stay good (Signer guide, "Canceling a signing profile")."""
    yield Api("signer", "CancelSigningProfile", {"profileName": work.physical_id.rsplit("/", 1)[-1]})


kind(
    "AWS::Signer::SigningProfile",
    _create,
    _delete,
    props="Tags ProfileName SignatureValidityPeriod",
    required="PlatformId",
)
