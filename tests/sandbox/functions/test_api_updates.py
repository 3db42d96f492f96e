from __future__ import annotations


def test_new_code_is_in_progress_and_then_successful(lab):
    before = lab.create()
    updated = lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2 longer")
    assert (updated["LastUpdateStatus"], updated["LastUpdateStatusReasonCode"]) == ("InProgress", "Creating")
    assert updated["CodeSha256"] != before["CodeSha256"]
    after = lab.call("GetFunctionConfiguration", FunctionName="hello")
    assert after["LastUpdateStatus"] == "Successful"
    assert "LastUpdateStatusReason" not in after
    assert len({before["RevisionId"], updated["RevisionId"], after["RevisionId"]}) == 3


def test_a_dry_run_shows_the_outcome_and_keeps_nothing(lab):
    before = lab.create()
    shown = lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2 longer", DryRun=True)
    assert shown["CodeSize"] == len(b"v2 longer")
    assert lab.call("GetFunctionConfiguration", FunctionName="hello")["CodeSha256"] == before["CodeSha256"]
    assert [event for event, _ in lab.events] == ["create"]


def test_a_dry_run_of_a_bad_package_is_refused_too(lab):
    lab.create()
    error = lab.refused("UpdateFunctionCode", FunctionName="hello", ZipFile=b"not a zip", DryRun=True)
    assert error.code == "InvalidParameterValueException"


def test_update_and_publish_answers_with_the_new_version(lab):
    lab.create()
    shown = lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2", Publish=True)
    assert (shown["Version"], shown["FunctionArn"], shown["State"]) == ("1", lab.arn(qualifier="1"), "Pending")


def test_a_stale_revision_is_refused_on_both_updates(lab):
    created = lab.create()
    for operation, params in (("UpdateFunctionCode", {"ZipFile": b"v2"}), ("UpdateFunctionConfiguration", {"Timeout": 5})):
        error = lab.refused(operation, FunctionName="hello", RevisionId=created["RevisionId"], **params)
        assert (error.code, error.status) == ("PreconditionFailedException", 412)
    current = lab.call("GetFunctionConfiguration", FunctionName="hello")["RevisionId"]
    assert lab.call("UpdateFunctionConfiguration", FunctionName="hello", RevisionId=current, Timeout=5)["Timeout"] == 5


def test_architectures_change_with_the_code(lab):
    lab.create()
    assert lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2", Architectures=["arm64"])["Architectures"] == [
        "arm64"
    ]


def test_an_image_does_not_replace_a_zip(lab):
    lab.create()
    error = lab.refused("UpdateFunctionCode", FunctionName="hello", ImageUri="x")
    assert error.message == "Please don't provide ImageUri when updating a function with packageType Zip."


def test_only_what_is_given_changes(lab):
    lab.create(Timeout=30, Environment={"Variables": {"AB": "1"}})
    lab.clock.move_to(lab.clock.now() + 60)
    shown = lab.call("UpdateFunctionConfiguration", FunctionName="hello", MemorySize=256, Description="")
    assert (shown["MemorySize"], shown["Timeout"], shown["Environment"]) == (256, 30, {"Variables": {"AB": "1"}})
    assert shown["LastModified"] == "2026-09-21T14:14:20.000+0000"


def test_empty_values_clear_what_can_be_cleared(lab):
    lab.create(
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:111122223333:dead"},
        KMSKeyArn="arn:aws:kms:us-east-1:111122223333:key/1",
        Environment={"Variables": {"AB": "1"}},
    )
    shown = lab.call(
        "UpdateFunctionConfiguration", FunctionName="hello", DeadLetterConfig={"TargetArn": ""}, KMSKeyArn="", Environment={}
    )
    assert not {"DeadLetterConfig", "KMSKeyArn"} & shown.keys()
    assert shown["Environment"] == {"Variables": {}}


def test_switching_the_log_format_back_clears_the_levels(lab):
    lab.create(LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"})
    shown = lab.call("UpdateFunctionConfiguration", FunctionName="hello", LoggingConfig={"SystemLogLevel": "WARN"})
    assert (shown["LoggingConfig"]["ApplicationLogLevel"], shown["LoggingConfig"]["SystemLogLevel"]) == ("DEBUG", "WARN")
    shown = lab.call("UpdateFunctionConfiguration", FunctionName="hello", LoggingConfig={"LogFormat": "Text"})
    assert shown["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/hello"}


def test_an_update_checks_what_a_create_checks(lab):
    lab.create()
    assert "cannot be assumed" in lab.refused("UpdateFunctionConfiguration", FunctionName="hello", Role=lab.bad_role).message
    assert "'runtime'" in lab.refused("UpdateFunctionConfiguration", FunctionName="hello", Runtime="java21").message
    big = {"Variables": {"AB": "x" * 5000}}
    assert "4KB" in lab.refused("UpdateFunctionConfiguration", FunctionName="hello", Environment=big).message
    assert lab.call("GetFunctionConfiguration", FunctionName="hello")["Runtime"] == "python3.13"


def test_snap_start_is_optimised_only_on_published_versions(lab):
    lab.create()
    shown = lab.call("UpdateFunctionConfiguration", FunctionName="hello", SnapStart={"ApplyOn": "PublishedVersions"})
    assert shown["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}
    published = lab.call("PublishVersion", FunctionName="hello")
    assert published["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}


def test_snap_start_needs_a_new_enough_runtime_and_a_small_tmp(lab):
    error = lab.create_refused(Runtime="python3.10", SnapStart={"ApplyOn": "PublishedVersions"})
    assert error.message == "python3.10 is not supported for SnapStart enabled functions."
    error = lab.create_refused(EphemeralStorage={"Size": 513}, SnapStart={"ApplyOn": "PublishedVersions"})
    assert "512 MB" in error.message


def test_a_missing_function_is_not_found(lab):
    for operation in ("UpdateFunctionCode", "UpdateFunctionConfiguration"):
        assert lab.refused(operation, FunctionName="ghost", ZipFile=b"x").code == "ResourceNotFoundException"


def test_a_dead_letter_goes_to_a_queue_or_a_topic(lab):
    for arn in ("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sns:us-east-1:111122223333:t"):
        lab.create(arn.rpartition(":")[2], DeadLetterConfig={"TargetArn": arn})
    error = lab.create_refused(DeadLetterConfig={"TargetArn": "arn:aws:s3:::b"})
    assert "Use an SQS queue or an SNS topic." in error.message
