"""AWS Signer (service authorization reference, "Actions, resources, and condition keys for AWS Signer")."""

from __future__ import annotations

from sandbox.iam.operations.request import Rules, by_name, everything, given, table

RULES: Rules = table(
    {
        by_name("/signing-profiles/{}", "profileName"): (
            "AddProfilePermission CancelSigningProfile GetSigningProfile ListProfilePermissions PutSigningProfile "
            "RemoveProfilePermission RevokeSigningProfile SignPayload StartSigningJob"
        ),
        by_name("/signing-jobs/{}", "jobId"): "DescribeSigningJob RevokeSignature",
        given("resourceArn"): "ListTagsForResource TagResource UntagResource",
        everything: "GetRevocationStatus GetSigningPlatform ListSigningJobs ListSigningPlatforms ListSigningProfiles",
    }
)
