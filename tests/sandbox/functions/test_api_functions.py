from __future__ import annotations

import pytest

from sandbox import facts

MISSING = "Function not found: arn:aws:lambda:us-east-1:111122223333:function:ghost"


def test_a_new_function_gets_awss_defaults(lab):
    created = lab.create()
    assert (created["Timeout"], created["MemorySize"], created["EphemeralStorage"]) == (3, 128, {"Size": 512})
    assert created["Architectures"] == ["x86_64"]
    assert created["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/hello"}
    assert created["State"] == "Pending"


def test_what_was_never_set_is_absent(lab):
    created = lab.create()
    absent = {"Environment", "VpcConfig", "Layers", "KMSKeyArn", "DeadLetterConfig", "FileSystemConfigs", "LastUpdateStatus"}
    assert not absent & created.keys()


def test_what_was_set_comes_back(lab):
    given = {
        "Description": "greets",
        "Timeout": 30,
        "MemorySize": 512,
        "Environment": {"Variables": {"STAGE": "dev"}},
        "EphemeralStorage": {"Size": 1024},
        "TracingConfig": {"Mode": "Active"},
        "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:111122223333:dead"},
        "KMSKeyArn": "arn:aws:kms:us-east-1:111122223333:key/1",
        "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        "Architectures": ["arm64"],
    }
    lab.create(**given)
    shown = lab.call("GetFunctionConfiguration", FunctionName="hello")
    assert {key: shown[key] for key in given if key != "VpcConfig"} == {k: v for k, v in given.items() if k != "VpcConfig"}
    assert shown["VpcConfig"]["SubnetIds"] == ["subnet-1"]


def test_an_empty_environment_is_kept_as_empty(lab):
    assert lab.create(Environment={})["Environment"] == {"Variables": {}}


def test_a_second_function_of_the_same_name_is_a_conflict(lab):
    lab.create()
    error = lab.create_refused()
    assert (error.code, error.message, error.status) == ("ResourceConflictException", "Function already exist: hello", 409)


def test_publish_on_create_makes_version_one(lab):
    created = lab.create(Publish=True)
    assert (created["Version"], created["FunctionArn"], created["State"]) == ("1", lab.arn(), "Pending")
    assert lab.call("GetFunctionConfiguration", FunctionName="hello", Qualifier="1")["State"] == "Active"


def test_the_name_may_be_a_full_arn(lab):
    assert lab.create(lab.arn())["FunctionName"] == "hello"


def test_a_new_name_carries_no_qualifier(lab):
    error = lab.create_refused("hello:1")
    assert error.code == "ValidationException"
    assert "Value 'hello:1' at 'functionName'" in error.message


def test_a_function_is_created_in_the_callers_own_account(lab):
    error = lab.create_refused(f"{lab.other}:function:hello")
    assert (error.code, error.status) == ("AccessDeniedException", 403)


@pytest.mark.parametrize(("length", "fits"), [(64, True), (65, False)])
def test_a_name_has_at_most_64_characters(lab, length, fits):
    if fits:
        assert lab.create("a" * length)["FunctionName"] == "a" * length
    else:
        error = lab.create_refused("a" * length)
        assert error.code == "InvalidParameterValueException"
        assert "less than or equal to 64" in error.message


def test_a_role_lambda_cannot_assume_is_refused(lab):
    error = lab.create_refused(Role=lab.bad_role)
    assert error.message == "The role defined for the function cannot be assumed by Lambda."
    assert error.fields == {"Type": "User"}


def test_code_must_come_from_somewhere_and_from_one_place(lab):
    assert lab.create_refused(Code={}).message == "Please provide a source for function code."
    both = {"ZipFile": b"v1", "S3Bucket": "code", "S3Key": "v1.zip"}
    assert "Please do not provide other FunctionCode parameters" in lab.create_refused(Code=both).message


def test_code_comes_from_s3(lab):
    lab.objects["code", "v1.zip", ""] = b"from s3"
    assert lab.create(Code={"S3Bucket": "code", "S3Key": "v1.zip"})["CodeSize"] == len(b"from s3")


def test_a_missing_object_is_told_in_s3s_words(lab):
    error = lab.create_refused(Code={"S3Bucket": "code", "S3Key": "none.zip"})
    assert error.message == (
        "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."
    )


def test_a_closed_bucket_is_access_denied(lab):
    error = lab.create_refused(Code={"S3Bucket": "closed", "S3Key": "v1.zip"})
    assert (error.code, error.status) == ("AccessDeniedException", 403)


def test_nothing_is_created_when_the_package_is_bad(lab):
    assert lab.create_refused(Code={"ZipFile": b"not a zip"}).code == "InvalidParameterValueException"
    assert lab.call("ListFunctions")["Functions"] == []


def test_a_zip_of_50_mb_fits_and_one_byte_more_does_not(lab):
    assert lab.create(Code={"ZipFile": bytes(52_428_800)})["CodeSize"] == 52_428_800
    error = lab.create_refused("big", Code={"ZipFile": bytes(52_428_801)})
    assert (error.code, error.status) == ("RequestEntityTooLargeException", 413)
    assert error.message == "Zipped size must be smaller than 52428800 bytes"
    assert error.fields == {}


def test_a_request_beyond_what_the_service_reads_is_refused_as_a_whole(lab):
    error = lab.create_refused(Code={"ZipFile": bytes(52_700_000)})
    assert error.message == "Request must be smaller than 70167211 bytes for the CreateFunction operation"


def test_code_and_layers_share_the_unzipped_limit(lab):
    lab.call("PublishLayerVersion", LayerName="deps", Content={"ZipFile": b"unzips to 262000000;"})
    layer = "arn:aws:lambda:us-east-1:111122223333:layer:deps:1"
    fitting = lab.create(Code={"ZipFile": b"unzips to 144000;"}, Layers=[layer])
    assert fitting["Layers"] == [{"Arn": layer, "CodeSize": len(b"unzips to 262000000;")}]
    error = lab.create_refused("more", Code={"ZipFile": b"unzips to 144001;"}, Layers=[layer])
    assert error.message == (
        "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. "
        "The actual size is 262144001 bytes."
    )


def test_the_accounts_storage_is_bounded(lab, monkeypatch):
    real = facts.limit
    monkeypatch.setattr(facts, "limit", lambda name: 10 if name == "code_storage_bytes" else real(name))
    lab.create(Code={"ZipFile": b"12345"})
    assert lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"12345")["CodeSize"] == 5
    error = lab.refused("UpdateFunctionCode", FunctionName="hello", ZipFile=b"123456")
    assert error.code == "CodeStorageExceededException"
    assert lab.refused("PublishLayerVersion", LayerName="l", Content={"ZipFile": b"123456"}).code == error.code


def test_environment_variables_end_at_4_kb_of_json(lab):
    room = 4096 - len('{"A_":""}')
    lab.create(Environment={"Variables": {"A_": "x" * room}})
    error = lab.create_refused("more", Environment={"Variables": {"A_": "x" * (room + 1)}})
    assert error.message.endswith('exceeded the 4KB limit. String measured: {"A_":"' + "x" * (room + 1) + '"}')


def test_awss_own_variables_are_reserved(lab):
    error = lab.create_refused(Environment={"Variables": {"AWS_REGION": "x", "OK": "y"}})
    assert error.message.endswith("Reserved keys used in this request: AWS_REGION")


@pytest.mark.parametrize(
    "params",
    [
        {"PackageType": "Image", "Code": {"ImageUri": "x"}},
        {"ImageConfig": {"Command": ["x"]}},
        {"DurableConfig": {"ExecutionTimeout": 60}},
        {"TenancyConfig": {"TenantIsolationMode": "PER_TENANT"}},
    ],
)
def test_what_this_account_cannot_do_is_said_and_not_ignored(lab, params):
    error = lab.create_refused(**params)
    assert (error.code, error.status) == ("NotImplemented", 501)
    assert next(iter(params)) in error.message


def test_runtime_and_handler_go_together(lab):
    assert lab.create_refused(Handler=None).message.startswith("Runtime and Handler are mandatory")


def test_at_most_five_layers(lab):
    made = [lab.call("PublishLayerVersion", LayerName=name, Content={"ZipFile": b"x"}) for name in "abcdef"]
    arns = [layer["LayerVersionArn"] for layer in made]
    assert len(lab.create(Layers=arns[:5])["Layers"]) == 5
    assert lab.create_refused("more", Layers=arns).message == "Cannot reference more than 5 layers."


def test_two_versions_of_one_layer_are_refused(lab):
    for _ in range(2):
        lab.call("PublishLayerVersion", LayerName="deps", Content={"ZipFile": b"x"})
    arn = "arn:aws:lambda:us-east-1:111122223333:layer:deps"
    assert "Two different versions of the same layer" in lab.create_refused(Layers=[f"{arn}:1", f"{arn}:2"]).message


def test_a_layer_must_exist_and_be_of_the_region(lab):
    arn = "arn:aws:lambda:us-east-1:111122223333:layer:deps:1"
    assert lab.create_refused(Layers=[arn]).message == f"Layer version {arn} does not exist."
    assert "same region" in lab.create_refused(Layers=[arn.replace("us-east-1", "eu-west-1")]).message


def test_json_logging_brings_levels_and_text_has_none(lab):
    created = lab.create(LoggingConfig={"LogFormat": "JSON"})
    assert created["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": "/aws/lambda/hello",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "INFO",
    }
    assert "LogFormat is JSON" in lab.create_refused("text", LoggingConfig={"ApplicationLogLevel": "DEBUG"}).message


def test_get_function_adds_code_tags_and_reservation(lab):
    lab.create(Tags={"team": "a"})
    lab.call("PutFunctionConcurrency", FunctionName="hello", ReservedConcurrentExecutions=5)
    shown = lab.call("GetFunction", FunctionName="hello")
    assert shown["Code"]["RepositoryType"] == "S3"
    assert shown["Code"]["Location"].startswith("http://localhost/code/")
    assert shown["Tags"] == {"team": "a"}
    assert shown["Concurrency"] == {"ReservedConcurrentExecutions": 5}


def test_get_function_by_alias_keeps_the_alias_in_the_arn(lab):
    lab.create(Publish=True)
    lab.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    shown = lab.call("GetFunction", FunctionName="hello:prod")["Configuration"]
    assert (shown["FunctionArn"], shown["Version"]) == (lab.arn(qualifier="prod"), "1")


@pytest.mark.parametrize(("qualifier", "suffix"), [(None, ""), ("1", ":1"), ("prod", ":prod"), ("$LATEST", ":$LATEST")])
def test_a_missing_function_is_named_as_it_was_asked_for(lab, qualifier, suffix):
    params = {"FunctionName": "ghost"} | ({"Qualifier": qualifier} if qualifier else {})
    assert lab.refused("GetFunction", **params).message == MISSING + suffix


def test_listing_shows_no_state_and_pages_through_all(lab):
    for number in range(53):
        lab.create(f"f{number:02}")
    first = lab.call("ListFunctions")
    rest = lab.call("ListFunctions", Marker=first["NextMarker"])
    names = [each["FunctionName"] for each in first["Functions"] + rest["Functions"]]
    assert names == [f"f{number:02}" for number in range(53)]
    assert "NextMarker" not in rest
    assert not {"State", "LastUpdateStatus", "RuntimeVersionConfig"} & first["Functions"][0].keys()


def test_listing_all_versions_shows_qualified_arns(lab):
    lab.create(Publish=True)
    shown = lab.call("ListFunctions", FunctionVersion="ALL")["Functions"]
    assert [each["FunctionArn"] for each in shown] == [lab.arn(qualifier="$LATEST"), lab.arn(qualifier="1")]


def test_delete_takes_everything_with_it(lab):
    lab.create(Publish=True)
    assert lab.call("DeleteFunction", FunctionName="hello") == {"StatusCode": 204}
    assert lab.refused("GetFunction", FunctionName="hello").code == "ResourceNotFoundException"
    assert lab.refused("DeleteFunction", FunctionName="ghost").message == MISSING


def test_latest_cannot_be_deleted_alone(lab):
    lab.create()
    error = lab.refused("DeleteFunction", FunctionName="hello", Qualifier="$LATEST")
    assert error.message == "$LATEST version cannot be deleted without deleting the function."


def test_a_version_an_alias_needs_stays(lab):
    lab.create(Publish=True)
    lab.publish(content=b"v2")
    lab.call(
        "CreateAlias",
        FunctionName="hello",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}},
    )
    for version in ("1", "2"):
        error = lab.refused("DeleteFunction", FunctionName="hello", Qualifier=version)
        assert error.message == "Unable to delete version because the following aliases reference it: [live]"
    lab.call("DeleteAlias", FunctionName="hello", Name="live")
    lab.call("DeleteFunction", FunctionName="hello", Qualifier="2")
    assert lab.call("GetFunctionConfiguration", FunctionName="hello", Qualifier="1")["Version"] == "1"


def test_deleting_a_version_that_is_not_there_is_no_error(lab):
    lab.create()
    assert lab.call("DeleteFunction", FunctionName="hello", Qualifier="9") == {"StatusCode": 204}
