"""Where a request comes from and what may be asked about the account it reaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sandbox.iam.context import principal_keys
from sandbox.iam.principal import Principal
from sandbox.iam.verdict import ContextValue

Find = Callable[[str, str], str]
TagsOf = Callable[[str], Mapping[str, str]]
_NO_TAGS: Final[Mapping[str, str]] = {}


def nothing_known(_kind: str, _name: str) -> str:
    """The default ``find``: an account that tells nothing about itself."""
    return ""


@dataclass(frozen=True, slots=True)
class CallSite:
    """``find(kind, name)`` tells what a request alone does not, or an empty string. Kinds asked for:

    ``iam:role|user|group|instance-profile`` name → ARN with its path; ``iam:boundary`` ARN of a user or role → ARN of its
    boundary; ``secretsmanager:secret`` ARN without the six characters → full ARN; ``kms:alias`` alias/name or its ARN → key ARN;
    ``kms:ciphertext`` base64 → key ARN; ``s3:owner`` bucket → account id; ``dynamodb:hash-key`` table ARN → attribute;
    ``cloudformation:stack`` name → ARN;
    ``lambda:mapping`` UUID of an event source mapping → function ARN; ``codedeploy:deployment`` id → ``application/group``;
    ``ec2:vpc`` subnet id → VPC id.
    """

    account_id: str
    region: str
    principal: Principal
    source_ip: str = "127.0.0.1"
    secure_transport: bool = True
    user_agent: str = ""
    now: float | None = None  # epoch seconds, for aws:CurrentTime; without it the request has no such key
    partition: str = "aws"
    source_vpc: str = ""  # of a request that came through an endpoint
    source_vpce: str = ""
    find: Find = nothing_known
    tags_of: TagsOf | None = None  # ARN → tags, for aws:ResourceTag/…

    def global_keys(self) -> dict[str, ContextValue]:
        """Keys that every request has (IAM user guide, "AWS global condition context keys")."""
        keys: dict[str, ContextValue] = dict(principal_keys(self.principal))
        keys["aws:SourceIp"] = self.source_ip
        keys["aws:SecureTransport"] = "true" if self.secure_transport else "false"
        keys["aws:RequestedRegion"] = self.region
        keys["aws:ViaAWSService"] = "false"
        if self.source_vpce:  # there for no other request (IAM user guide, the same page)
            keys["aws:SourceVpc"], keys["aws:SourceVpce"] = self.source_vpc, self.source_vpce
        if self.user_agent:
            keys["aws:UserAgent"] = self.user_agent
        if self.principal.kind == "role":
            keys["aws:MultiFactorAuthPresent"] = "false"
        if self.now is not None:
            keys["aws:EpochTime"] = str(int(self.now))
            keys["aws:CurrentTime"] = datetime.fromtimestamp(int(self.now), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return keys

    def resource_tags(self, arn: str) -> Mapping[str, str]:
        return self.tags_of(arn) if self.tags_of is not None else _NO_TAGS
