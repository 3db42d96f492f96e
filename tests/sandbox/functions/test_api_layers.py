from __future__ import annotations

import json

ARN = "arn:aws:lambda:us-east-1:111122223333:layer:deps"


def publish(lab, name="deps", **params):
    return lab.call("PublishLayerVersion", LayerName=name, Content={"ZipFile": b"layer"}, **params)


def test_versions_count_up_and_numbers_are_not_used_again(lab):
    assert [publish(lab)["Version"], publish(lab)["Version"]] == [1, 2]
    lab.call("DeleteLayerVersion", LayerName="deps", VersionNumber=2)
    assert publish(lab)["Version"] == 3


def test_a_version_is_shown_whole_by_number_and_by_arn(lab):
    publish(lab, Description="d", CompatibleRuntimes=["python3.13"], CompatibleArchitectures=["arm64"], LicenseInfo="MIT")
    shown = lab.call("GetLayerVersion", LayerName="deps", VersionNumber=1)
    assert shown == lab.call("GetLayerVersionByArn", Arn=f"{ARN}:1")
    assert (shown["LayerArn"], shown["LayerVersionArn"], shown["LicenseInfo"]) == (ARN, f"{ARN}:1", "MIT")
    assert shown["Content"]["CodeSize"] == 5


def test_what_was_not_given_is_absent(lab):
    assert not {"CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo"} & publish(lab).keys()


def test_a_deleted_version_is_gone_but_functions_keep_it(lab):
    publish(lab)
    lab.create(Layers=[f"{ARN}:1"])
    for _ in range(2):
        assert lab.call("DeleteLayerVersion", LayerName="deps", VersionNumber=1) == {}
    assert lab.refused("GetLayerVersion", LayerName="deps", VersionNumber=1).code == "ResourceNotFoundException"
    assert lab.resolve().version.layers[0].code.data == b"layer"


def test_a_layer_names_runtimes_aws_knows(lab):
    error = lab.refused("PublishLayerVersion", LayerName="deps", Content={"ZipFile": b"x"}, CompatibleRuntimes=["cobol"])
    assert "Value '[cobol]' at 'compatibleRuntimes' failed" in error.message
    assert publish(lab, CompatibleRuntimes=["nodejs22.x"])["CompatibleRuntimes"] == ["nodejs22.x"]


def test_listings_filter_by_runtime(lab):
    publish(lab, CompatibleRuntimes=["python3.12"])
    publish(lab, CompatibleRuntimes=["python3.13"])
    publish(lab, "other")
    layers = lab.call("ListLayers", CompatibleRuntime="python3.12")["Layers"]
    assert [(each["LayerName"], each["LatestMatchingVersion"]["Version"]) for each in layers] == [("deps", 1)]
    assert [each["LayerName"] for each in lab.call("ListLayers")["Layers"]] == ["deps", "other"]


def test_versions_are_listed_newest_first_and_an_unknown_layer_is_empty(lab):
    publish(lab)
    publish(lab)
    assert [each["Version"] for each in lab.call("ListLayerVersions", LayerName="deps")["LayerVersions"]] == [2, 1]
    assert lab.call("ListLayerVersions", LayerName="ghost")["LayerVersions"] == []


def test_a_version_number_is_at_least_one(lab):
    assert lab.refused("GetLayerVersion", LayerName="deps", VersionNumber=0).message == "Layer Version Cannot be less than 1"


def test_a_permission_opens_a_version_to_an_account(lab):
    publish(lab)
    params = {"LayerName": "deps", "VersionNumber": 1, "Action": "lambda:GetLayerVersion"}
    added = lab.call("AddLayerVersionPermission", StatementId="a", Principal=lab.other, **params)
    assert json.loads(added["Statement"])["Principal"] == {"AWS": f"arn:aws:iam::{lab.other}:root"}
    shown = lab.call("GetLayerVersionPolicy", LayerName="deps", VersionNumber=1)
    assert shown["RevisionId"] == added["RevisionId"]
    assert json.loads(shown["Policy"])["Statement"] == [json.loads(added["Statement"])]
    assert lab.registry.policy_of(f"{ARN}:1").document["Statement"][0]["Sid"] == "a"
    again = lab.refused("AddLayerVersionPermission", StatementId="a", Principal="*", **params)
    assert again.code == "ResourceConflictException"


def test_a_stale_revision_of_a_layer_policy_is_refused(lab):
    publish(lab)
    params = {"LayerName": "deps", "VersionNumber": 1}
    first = lab.call("AddLayerVersionPermission", StatementId="a", Principal="*", Action="lambda:GetLayerVersion", **params)
    lab.call("AddLayerVersionPermission", StatementId="b", Principal="*", Action="lambda:GetLayerVersion", **params)
    error = lab.refused("RemoveLayerVersionPermission", StatementId="a", RevisionId=first["RevisionId"], **params)
    assert "GetLayerPolicy" in error.message
    assert lab.call("RemoveLayerVersionPermission", StatementId="a", **params) == {}
    assert lab.refused("RemoveLayerVersionPermission", StatementId="a", **params).message == (
        "Statement a is not found in resource policy."
    )


def test_a_policy_without_statements_is_none(lab):
    publish(lab)
    error = lab.refused("GetLayerVersionPolicy", LayerName="deps", VersionNumber=1)
    assert error.message == "No policy is associated with the given resource."
    error = lab.refused("GetLayerVersionPolicy", LayerName="deps", VersionNumber=9)
    assert error.message == f"Layer version {ARN}:9 does not exist."
