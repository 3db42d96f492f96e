from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"
BUCKET = "arn:aws:s3:::failures"


def put(lab, **params):
    return lab.call("PutFunctionEventInvokeConfig", FunctionName="hello", **params)


def test_what_is_put_comes_back_per_qualifier(lab):
    lab.create(Publish=True)
    put(lab, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60)
    put(lab, Qualifier="1", MaximumRetryAttempts=1)
    latest = lab.call("GetFunctionEventInvokeConfig", FunctionName="hello")
    assert (latest["FunctionArn"], latest["MaximumRetryAttempts"], latest["MaximumEventAgeInSeconds"]) == (
        lab.arn(qualifier="$LATEST"),
        0,
        60,
    )
    one = lab.call("GetFunctionEventInvokeConfig", FunctionName="hello", Qualifier="1")
    assert one["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {}}
    assert "MaximumEventAgeInSeconds" not in one
    shown = lab.call("ListFunctionEventInvokeConfigs", FunctionName="hello")["FunctionEventInvokeConfigs"]
    assert shown == [latest, one]


def test_put_replaces_and_update_merges(lab):
    lab.create()
    put(lab, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": QUEUE}})
    updated = lab.call("UpdateFunctionEventInvokeConfig", FunctionName="hello", MaximumEventAgeInSeconds=90)
    assert (updated["MaximumRetryAttempts"], updated["DestinationConfig"]["OnFailure"]) == (0, {"Destination": QUEUE})
    replaced = put(lab, MaximumEventAgeInSeconds=90)
    assert "MaximumRetryAttempts" not in replaced
    assert replaced["DestinationConfig"]["OnFailure"] == {}


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        ({"MaximumRetryAttempts": 2}, {"MaximumRetryAttempts": 3}),
        ({"MaximumRetryAttempts": 0}, {"MaximumRetryAttempts": -1}),
        ({"MaximumEventAgeInSeconds": 60}, {"MaximumEventAgeInSeconds": 59}),
        ({"MaximumEventAgeInSeconds": 21_600}, {"MaximumEventAgeInSeconds": 21_601}),
    ],
)
def test_retries_and_age_have_their_limits(lab, fits, breaks):
    lab.create()
    assert lab.refused("PutFunctionEventInvokeConfig", FunctionName="hello", **breaks).code == "ValidationException"
    assert put(lab, **fits).items() >= fits.items()


def test_something_must_be_said(lab):
    lab.create()
    error = lab.refused("PutFunctionEventInvokeConfig", FunctionName="hello")
    assert error.message == "You must specify at least one of error handling or destination setting."


def test_failures_may_go_to_s3_and_successes_may_not(lab):
    lab.create()
    assert put(lab, DestinationConfig={"OnFailure": {"Destination": BUCKET}})["DestinationConfig"]["OnFailure"] == {
        "Destination": BUCKET
    }
    error = lab.refused(
        "PutFunctionEventInvokeConfig", FunctionName="hello", DestinationConfig={"OnSuccess": {"Destination": BUCKET}}
    )
    assert error.message == (
        "The provided destination config "
        f"DestinationConfig(onSuccess=OnSuccess(destination={BUCKET}), onFailure=null) is invalid."
    )


def test_a_function_destination_must_exist_and_be_another(lab):
    lab.create()
    lab.create("other")
    ghost, other = lab.arn("ghost"), lab.arn("other")
    error = lab.refused(
        "PutFunctionEventInvokeConfig", FunctionName="hello", DestinationConfig={"OnSuccess": {"Destination": ghost}}
    )
    assert error.message == f"The destination ARN {ghost} is invalid."
    itself = {"OnSuccess": {"Destination": lab.arn()}}
    error = lab.refused("PutFunctionEventInvokeConfig", FunctionName="hello", DestinationConfig=itself)
    assert error.message == "You can't specify the function as a destination for itself."
    assert put(lab, DestinationConfig={"OnSuccess": {"Destination": other}})["DestinationConfig"]["OnSuccess"] == {
        "Destination": other
    }


def test_what_is_not_there_is_named_with_its_qualifier(lab):
    lab.create()
    missing = f"The function {lab.arn(qualifier='$LATEST')} doesn't have an EventInvokeConfig"
    for operation in ("GetFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig"):
        assert lab.refused(operation, FunctionName="hello").message == missing
    error = lab.refused("UpdateFunctionEventInvokeConfig", FunctionName="hello", MaximumRetryAttempts=1)
    assert error.message == missing
    error = lab.refused("PutFunctionEventInvokeConfig", FunctionName="hello", Qualifier="9", MaximumRetryAttempts=1)
    assert error.message == "The function doesn't exist."


def test_a_deleted_configuration_falls_back_to_the_defaults(lab):
    lab.create()
    put(lab, MaximumRetryAttempts=0)
    assert lab.registry.event_invoke(lab.resolve()).attempts_max == 1
    lab.call("DeleteFunctionEventInvokeConfig", FunctionName="hello")
    assert lab.registry.event_invoke(lab.resolve()) is None


def test_an_unset_half_means_awss_default(lab):
    lab.create()
    put(lab, MaximumRetryAttempts=0)
    assert lab.registry.event_invoke(lab.resolve()).age_s == 21_600
    put(lab, MaximumEventAgeInSeconds=60)
    assert lab.registry.event_invoke(lab.resolve()).attempts_max == 3
