"""IAM: roles and policies."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import Api, Steps, Work, kind


def _document(value: Any) -> str:
    """IAM takes a policy without a version, as SAM writes them; the state behind this account does not."""
    return value if isinstance(value, str) else json.dumps({"Version": "2012-10-17", **value})


def _api(operation: str, **params: Any) -> Api:
    return Api("iam", operation, params)


def _create_role(work: Work) -> Steps:
    name = work.name("RoleName")
    given = work.pick("Path", "Description", "MaxSessionDuration", "PermissionsBoundary")
    tags = {"Tags": work.tag_list()} if work.all_tags() else {}
    answer = yield _api(
        "CreateRole",
        RoleName=name,
        AssumeRolePolicyDocument=_document(work.properties["AssumeRolePolicyDocument"]),
        **given,
        **tags,
    )
    work.physical_id = name
    work.only(Arn=answer["Role"]["Arn"], RoleId=answer["Role"]["RoleId"])
    yield from _attach_to_role(work)


def _attach_to_role(work: Work) -> Steps:
    before = {row["PolicyName"]: row for row in work.old.get("Policies") or ()}
    wanted = {row["PolicyName"]: row for row in work.get("Policies") or ()}
    for name, row in wanted.items():
        if row != before.get(name):
            document = _document(row["PolicyDocument"])
            yield _api("PutRolePolicy", RoleName=work.physical_id, PolicyName=name, PolicyDocument=document)
    for name in [name for name in before if name not in wanted]:
        yield _api("DeleteRolePolicy", RoleName=work.physical_id, PolicyName=name)
    had, has = work.old.get("ManagedPolicyArns") or [], work.get("ManagedPolicyArns") or []
    for arn in [arn for arn in has if arn not in had]:
        yield _api("AttachRolePolicy", RoleName=work.physical_id, PolicyArn=arn)
    for arn in [arn for arn in had if arn not in has]:
        yield _api("DetachRolePolicy", RoleName=work.physical_id, PolicyArn=arn)


def _update_role(work: Work) -> Steps:
    if work.changed("AssumeRolePolicyDocument"):
        document = _document(work.properties["AssumeRolePolicyDocument"])
        yield _api("UpdateAssumeRolePolicy", RoleName=work.physical_id, PolicyDocument=document)
    if work.changed("Description", "MaxSessionDuration"):
        yield _api("UpdateRole", RoleName=work.physical_id, **work.pick("Description", "MaxSessionDuration"))
    if work.changed("PermissionsBoundary"):
        if work.get("PermissionsBoundary"):
            yield _api("PutRolePermissionsBoundary", RoleName=work.physical_id, **work.pick("PermissionsBoundary"))
        else:
            yield _api("DeleteRolePermissionsBoundary", RoleName=work.physical_id)
    if work.changed("Tags") and work.all_tags():
        yield _api("TagRole", RoleName=work.physical_id, Tags=work.tag_list())
    yield from _attach_to_role(work)


def _delete_role(work: Work) -> Steps:
    for arn in work.get("ManagedPolicyArns") or ():
        yield _api("DetachRolePolicy", RoleName=work.physical_id, PolicyArn=arn)
    for row in work.get("Policies") or ():
        yield _api("DeleteRolePolicy", RoleName=work.physical_id, PolicyName=row["PolicyName"])
    yield _api("DeleteRole", RoleName=work.physical_id)


_HOLDERS = (("Roles", "Role"), ("Users", "User"), ("Groups", "Group"))


def _put_policy(work: Work) -> Steps:
    name, document = str(work.properties["PolicyName"]), _document(work.properties["PolicyDocument"])
    work.physical_id = work.physical_id or name
    for property_, holder in _HOLDERS:
        had, has = work.old.get(property_) or [], work.get(property_) or []
        for one in has:
            yield _api(f"Put{holder}Policy", **{f"{holder}Name": one}, PolicyName=name, PolicyDocument=document)
        for one in [one for one in had if one not in has]:
            yield _api(f"Delete{holder}Policy", **{f"{holder}Name": one}, PolicyName=name)


def _delete_policy(work: Work) -> Steps:
    for property_, holder in _HOLDERS:
        for one in work.get(property_) or ():
            yield _api(f"Delete{holder}Policy", **{f"{holder}Name": one}, PolicyName=work.properties["PolicyName"])


def _create_managed(work: Work) -> Steps:
    document = _document(work.properties["PolicyDocument"])
    name = work.name("ManagedPolicyName", 128)
    answer = yield _api("CreatePolicy", PolicyName=name, PolicyDocument=document, **work.pick("Path", "Description"))
    work.physical_id = answer["Policy"]["Arn"]
    work.only(PolicyArn=work.physical_id, PolicyId=answer["Policy"]["PolicyId"])
    yield from _attach_managed(work)


def _attach_managed(work: Work) -> Steps:
    for property_, holder in _HOLDERS:
        had, has = work.old.get(property_) or [], work.get(property_) or []
        for one in [one for one in has if one not in had]:
            yield _api(f"Attach{holder}Policy", **{f"{holder}Name": one}, PolicyArn=work.physical_id)
        for one in [one for one in had if one not in has]:
            yield _api(f"Detach{holder}Policy", **{f"{holder}Name": one}, PolicyArn=work.physical_id)


def _update_managed(work: Work) -> Steps:
    if work.changed("PolicyDocument"):
        listed = yield _api("ListPolicyVersions", PolicyArn=work.physical_id)
        spare = [row["VersionId"] for row in listed["Versions"] if not row["IsDefaultVersion"]]
        if len(spare) >= 4:
            yield _api("DeletePolicyVersion", PolicyArn=work.physical_id, VersionId=spare[-1])
        document = _document(work.properties["PolicyDocument"])
        yield _api("CreatePolicyVersion", PolicyArn=work.physical_id, PolicyDocument=document, SetAsDefault=True)
    yield from _attach_managed(work)


def _delete_managed(work: Work) -> Steps:
    for property_, holder in _HOLDERS:
        for one in work.get(property_) or ():
            yield _api(f"Detach{holder}Policy", **{f"{holder}Name": one}, PolicyArn=work.physical_id)
    listed = yield _api("ListPolicyVersions", PolicyArn=work.physical_id)
    for row in listed["Versions"]:
        if not row["IsDefaultVersion"]:
            yield _api("DeletePolicyVersion", PolicyArn=work.physical_id, VersionId=row["VersionId"])
    yield _api("DeletePolicy", PolicyArn=work.physical_id)


kind(
    "AWS::IAM::Role", _create_role, _delete_role, _update_role,
    props="Policies ManagedPolicyArns Description MaxSessionDuration PermissionsBoundary Tags",
    required="AssumeRolePolicyDocument", fixed="RoleName Path",
)  # fmt: skip
kind(
    "AWS::IAM::Policy", _put_policy, _delete_policy, _put_policy,
    props="Roles Users Groups", required="PolicyDocument PolicyName", fixed="PolicyName",
)  # fmt: skip
kind(
    "AWS::IAM::ManagedPolicy", _create_managed, _delete_managed, _update_managed,
    props="Roles Users Groups", required="PolicyDocument", fixed="ManagedPolicyName Path Description",
)  # fmt: skip
