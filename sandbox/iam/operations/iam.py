"""IAM. Names become ARNs; the account knows their paths (``CallSite.find``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sandbox.iam.operations.request import Request, ResourceOf, Rule, Rules, everything, given, table
from sandbox.iam.verdict import Check, ContextValue


def _entity(kind: str, *names: str) -> ResourceOf:
    """An existing user, role, group …, or a new one with the path of the request."""

    def resource_of(request: Request) -> str:
        name = request.text(*names)
        if name.startswith("arn:"):
            return name
        if request.operation.startswith("Create") and kind == request.operation.removeprefix("Create").lower():
            return request.arn(f"{kind}{request.text('Path') or '/'}{name}", region="")
        found = request.where.find(f"iam:{kind}", name)
        return found or request.arn(f"{kind}/{name}", region="")

    return resource_of


_role = _entity("role", "RoleName")
_group = _entity("group", "GroupName")


def _user(request: Request) -> str:
    """Operations whose UserName may be left out mean the caller."""
    if not request.text("UserName"):
        principal = request.where.principal
        return principal.arn if principal.kind in ("user", "root") else request.arn("user/", region="")
    return str(_entity("user", "UserName")(request))


def _instance_profile(request: Request) -> str:
    name = request.text("InstanceProfileName")
    if request.operation == "CreateInstanceProfile":
        return request.arn(f"instance-profile{request.text('Path') or '/'}{name}", region="")
    return request.where.find("iam:instance-profile", name) or request.arn(f"instance-profile/{name}", region="")


def _policy(request: Request) -> str:
    if request.text("PolicyArn"):
        return request.text("PolicyArn")
    return request.arn(f"policy{request.text('Path') or '/'}{request.text('PolicyName')}", region="")


def _mfa(request: Request) -> str:
    name = request.text("SerialNumber", "VirtualMFADeviceName")
    return name if name.startswith("arn:") else request.arn(f"mfa{request.text('Path') or '/'}{name}", region="")


def _certificate(request: Request) -> str:
    return request.arn(f"server-certificate{request.text('Path') or '/'}{request.text('ServerCertificateName')}", region="")


def _listed(kind: str) -> ResourceOf:
    """Lists are asked on the path they are of (recorded denial: "iam:ListUsers on resource: arn:aws:iam::…:user/")."""
    return lambda request: request.arn(f"{kind}{request.text('PathPrefix') or '/'}", region="")


def _provider(kind: str, parameter: str, name: str) -> ResourceOf:
    def resource_of(request: Request) -> str:
        host = request.text(name).removeprefix("https://")
        return request.text(parameter) or request.arn(f"{kind}/{host}", region="")

    return resource_of


def _service_role(request: Request) -> str:
    if request.text("RoleName"):
        return str(_role(request))
    service = request.text("AWSServiceName")
    return request.arn(f"role/aws-service-role/{service}/*", region="")


def _keys(request: Request, entity: str) -> dict[str, ContextValue | None]:
    """``iam:PermissionsBoundary`` is the boundary the request sets, else the one the entity has."""
    boundary = request.text("PermissionsBoundary") or request.where.find("iam:boundary", entity)
    return {
        "iam:PolicyARN": request.text("PolicyArn"),
        "iam:PermissionsBoundary": boundary,
        "iam:AWSServiceName": request.text("AWSServiceName"),
    }


def _keyed(resource_of: ResourceOf) -> Rule:
    def rule(request: Request) -> Iterable[Check]:
        arn = str(resource_of(request))
        return [request.own(arn, _keys(request, arn))]

    return rule


def _with_tags(rule: Rule) -> Rule:
    """Creating a thing with tags needs its tag action too (IAM user guide, "Tags for IAM resources")."""

    def tagged(request: Request) -> Iterable[Check]:
        checks = list(rule(request))
        if request.rows("Tags"):
            kind = request.operation.removeprefix("Create").removeprefix("Upload").removeprefix("Virtual")
            checks.append(request.check(f"Tag{kind}", checks[0].resource))
        return checks

    return tagged


def _add_role(request: Request) -> Iterable[Check]:
    profile = _instance_profile(request)
    return [request.own(profile), *request.pass_role(str(_role(request)), "ec2.amazonaws.com", profile)]


def _principal_or_policy(request: Request) -> str:
    return request.text("PolicySourceArn", "Arn", "EntityArn") or "*"


_KEYED: Final[tuple[tuple[ResourceOf, str], ...]] = (
    (
        _role,
        (
            "AttachRolePolicy DetachRolePolicy PutRolePolicy DeleteRolePolicy PutRolePermissionsBoundary "
            "DeleteRolePermissionsBoundary"
        ),
    ),
    (
        _user,
        (
            "AttachUserPolicy DetachUserPolicy PutUserPolicy DeleteUserPolicy PutUserPermissionsBoundary "
            "DeleteUserPermissionsBoundary"
        ),
    ),
    (_group, "AttachGroupPolicy DetachGroupPolicy"),
    (_service_role, "CreateServiceLinkedRole DeleteServiceLinkedRole"),
)
_open_id = _provider("oidc-provider", "OpenIDConnectProviderArn", "Url")
_saml = _provider("saml-provider", "SAMLProviderArn", "Name")

RULES: Rules = {
    **table(
        {
            _role: (
                "DeleteRole GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies "
                "ListRoleTags TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription"
            ),
            _user: (
                "ChangePassword CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential DeactivateMFADevice "
                "DeleteAccessKey DeleteLoginProfile DeleteSSHPublicKey DeleteServiceSpecificCredential "
                "DeleteSigningCertificate DeleteUser EnableMFADevice GetAccessKeyLastUsed GetLoginProfile GetMFADevice "
                "GetSSHPublicKey GetUser GetUserPolicy ListAccessKeys ListAttachedUserPolicies ListGroupsForUser "
                "ListMFADevices ListSSHPublicKeys ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies "
                "ListUserTags ResetServiceSpecificCredential ResyncMFADevice TagUser UntagUser UpdateAccessKey "
                "UpdateLoginProfile UpdateSSHPublicKey UpdateServiceSpecificCredential UpdateSigningCertificate UpdateUser "
                "UploadSSHPublicKey UploadSigningCertificate"
            ),
            _group: (
                "AddUserToGroup CreateGroup DeleteGroup DeleteGroupPolicy GetGroup GetGroupPolicy ListAttachedGroupPolicies "
                "ListGroupPolicies PutGroupPolicy RemoveUserFromGroup UpdateGroup"
            ),
            _policy: (
                "CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion ListEntitiesForPolicy "
                "ListPolicyTags ListPolicyVersions SetDefaultPolicyVersion TagPolicy UntagPolicy"
            ),
            _instance_profile: (
                "DeleteInstanceProfile GetInstanceProfile ListInstanceProfileTags RemoveRoleFromInstanceProfile "
                "TagInstanceProfile UntagInstanceProfile"
            ),
            _mfa: "DeleteVirtualMFADevice ListMFADeviceTags TagMFADevice UntagMFADevice",
            _certificate: (
                "DeleteServerCertificate GetServerCertificate ListServerCertificateTags TagServerCertificate "
                "UntagServerCertificate UpdateServerCertificate"
            ),
            _open_id: (
                "AddClientIDToOpenIDConnectProvider DeleteOpenIDConnectProvider GetOpenIDConnectProvider "
                "ListOpenIDConnectProviderTags RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider "
                "UntagOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint"
            ),
            _saml: (
                "DeleteSAMLProvider GetSAMLProvider ListSAMLProviderTags TagSAMLProvider UntagSAMLProvider UpdateSAMLProvider"
            ),
            _principal_or_policy: (
                "GenerateServiceLastAccessedDetails GetContextKeysForPrincipalPolicy ListPoliciesGrantingServiceAccess "
                "SimulatePrincipalPolicy GetHumanReadableSummary"
            ),
            given("RoleArn"): "GetServiceLinkedRoleDeletionStatus",
            _listed("user"): "ListUsers",
            _listed("role"): "ListRoles",
            _listed("group"): "ListGroups",
            _listed("instance-profile"): "ListInstanceProfiles",
            everything: (
                "CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy GenerateCredentialReport "
                "GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountSummary GetContextKeysForCustomPolicy "
                "GetCredentialReport GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities "
                "ListAccountAliases ListOpenIDConnectProviders ListPolicies ListSAMLProviders ListServerCertificates "
                "ListVirtualMFADevices SimulateCustomPolicy UpdateAccountPasswordPolicy SetSecurityTokenServicePreferences"
            ),
        }
    ),
    **{name: _keyed(resource_of) for resource_of, names in _KEYED for name in names.split()},
    "CreateRole": _with_tags(_keyed(_role)),
    "CreateUser": _with_tags(_keyed(_user)),
    "CreatePolicy": _with_tags(_keyed(_policy)),
    "CreateInstanceProfile": _with_tags(_keyed(_instance_profile)),
    "CreateOpenIDConnectProvider": _with_tags(_keyed(_open_id)),
    "CreateSAMLProvider": _with_tags(_keyed(_saml)),
    "CreateVirtualMFADevice": _with_tags(_keyed(_mfa)),
    "UploadServerCertificate": _with_tags(_keyed(_certificate)),
    "AddRoleToInstanceProfile": _add_role,
}
