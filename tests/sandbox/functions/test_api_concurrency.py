from __future__ import annotations

import pytest

from sandbox.functions.provisioned import Allocation

BELOW = "decreases account's UnreservedConcurrentExecution below its minimum value of [100]."


@pytest.fixture
def live(lab):
    """Version 1, version 2, and an alias that splits a quarter to 2."""
    lab.create(Publish=True)
    lab.publish(content=b"v2")
    lab.call(
        "CreateAlias",
        FunctionName="hello",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}},
    )
    return lab


def reserve(lab, wanted, name="hello"):
    return lab.call("PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=wanted)


def provision(lab, wanted, qualifier="1"):
    return lab.call(
        "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier=qualifier, ProvisionedConcurrentExecutions=wanted
    )


def test_a_reservation_is_put_read_and_deleted(lab):
    lab.create()
    assert lab.call("GetFunctionConcurrency", FunctionName="hello") == {}
    assert reserve(lab, 0) == {"ReservedConcurrentExecutions": 0}
    assert lab.registry.reserved(lab.resolve()) == 0
    assert lab.call("GetFunctionConcurrency", FunctionName="hello") == {"ReservedConcurrentExecutions": 0}
    assert lab.call("DeleteFunctionConcurrency", FunctionName="hello") == {}
    assert lab.registry.reserved(lab.resolve()) is None


def test_a_hundred_stay_unreserved_over_all_functions(lab):
    lab.create()
    lab.create("other")
    reserve(lab, 400)
    reserve(lab, 500, "other")
    for name, wanted in (("hello", 401), ("other", 501)):
        error = lab.refused("PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=wanted)
        assert error.message.endswith(BELOW)
    assert reserve(lab, 300)["ReservedConcurrentExecutions"] == 300


def test_only_whole_functions_are_reserved_for(live):
    error = live.refused("PutFunctionConcurrency", FunctionName="hello:1", ReservedConcurrentExecutions=1)
    assert error.message.startswith("This operation is permitted on Lambda functions only.")


def test_a_missing_function_is_named_with_latest(lab):
    error = lab.refused("PutFunctionConcurrency", FunctionName="ghost", ReservedConcurrentExecutions=1)
    assert error.message == f"Function not found: {lab.arn('ghost', '$LATEST')}"


def test_provisioning_is_in_progress_first_and_ready_on_the_next_read(live):
    put = provision(live, 5)
    assert (put["Status"], put["AllocatedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 0)
    assert put["LastModified"] == "2026-09-21T14:13:20+0000"
    shown = live.call("GetProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1")
    assert (shown["Status"], shown["AvailableProvisionedConcurrentExecutions"]) == ("READY", 5)


def test_what_the_pool_reports_is_what_is_shown(live):
    provision(live, 5)
    live.registry.allocation_of = lambda version: Allocation(3, 2)
    shown = live.call("GetProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1")
    assert (shown["Status"], shown["AllocatedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 3)
    live.registry.allocation_of = lambda version: Allocation(0, 0, "FUNCTION_ERROR_INIT_FAILURE")
    shown = live.call("GetProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1")
    assert (shown["Status"], shown["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")


def test_an_aliass_environments_are_split_as_its_invocations(live):
    provision(live, 8, "live")
    versions = [live.resolve("hello", number).version for number in ("1", "2")]
    assert [live.registry.provisioned(version) for version in versions] == [6, 2]
    assert [(event, version.version) for event, version in live.events[-2:]] == [("provisioned", "1"), ("provisioned", "2")]


def test_an_alias_shows_what_its_versions_have_together(live):
    provision(live, 8, "live")
    live.registry.allocation_of = lambda version: Allocation(6, 5) if version.version == "1" else Allocation(2, 2)
    shown = live.call("GetProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="live")
    assert (shown["Status"], shown["AvailableProvisionedConcurrentExecutions"]) == ("READY", 7)


def test_moving_the_alias_moves_its_environments(live):
    provision(live, 8, "live")
    live.call("UpdateAlias", FunctionName="hello", Name="live", FunctionVersion="2", RoutingConfig={})
    versions = [live.resolve("hello", number).version for number in ("1", "2")]
    assert [live.registry.provisioned(version) for version in versions] == [0, 8]
    assert {event for event, _ in live.events[-2:]} == {"provisioned"}


def test_deleting_it_lets_the_environments_go(live):
    provision(live, 5)
    for _ in range(2):
        assert live.call("DeleteProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1") == {}
    assert live.registry.provisioned(live.resolve("hello", "1").version) == 0
    error = live.refused("GetProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1")
    assert (error.code, error.status) == ("ProvisionedConcurrencyConfigNotFoundException", 404)


def test_latest_cannot_be_provisioned(live):
    error = live.refused(
        "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="$LATEST", ProvisionedConcurrentExecutions=1
    )
    assert error.message == "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
    error = live.refused("GetProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="$LATEST")
    assert error.message == "The function resource provided must be an alias or a published version."


def test_a_version_and_an_alias_on_it_do_not_both_provision(live):
    provision(live, 1, "live")
    error = live.refused(
        "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1", ProvisionedConcurrentExecutions=1
    )
    assert error.message == "Version is pointed by a Provisioned Concurrency alias"
    live.call("DeleteProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="live")
    provision(live, 1)
    error = live.refused(
        "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="live", ProvisionedConcurrentExecutions=1
    )
    assert "already Provisioned version" in error.message


def test_a_reservation_bounds_what_may_be_provisioned_and_the_other_way_round(live):
    reserve(live, 10)
    provision(live, 10)
    error = live.refused(
        "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="2", ProvisionedConcurrentExecutions=1
    )
    assert error.message.startswith("Requested Provisioned Concurrency should not be greater")
    error = live.refused("PutFunctionConcurrency", FunctionName="hello", ReservedConcurrentExecutions=9)
    assert error.message == (
        " ReservedConcurrentExecutions  9 should not be lower than function's total provisioned concurrency [10]."
    )


@pytest.mark.parametrize(("wanted", "fits"), [(900, True), (901, False)])
def test_provisioning_leaves_a_hundred_too(live, wanted, fits):
    if fits:
        assert provision(live, wanted)["RequestedProvisionedConcurrentExecutions"] == wanted
    else:
        error = live.refused(
            "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="1", ProvisionedConcurrentExecutions=wanted
        )
        assert error.message.endswith(BELOW)


def test_more_than_the_account_has_is_another_sentence(live):
    given = {"FunctionName": "hello", "Qualifier": "1"}
    error = live.refused("PutProvisionedConcurrencyConfig", ProvisionedConcurrentExecutions=1001, **given)
    assert error.message == (
        "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000]."
    )
    assert live.refused("PutProvisionedConcurrencyConfig", ProvisionedConcurrentExecutions=1000, **given).message.endswith(BELOW)


def test_the_listing_names_each_by_its_qualifier(live):
    provision(live, 2, "live")
    provision(live, 3, "2")
    shown = live.call("ListProvisionedConcurrencyConfigs", FunctionName="hello")["ProvisionedConcurrencyConfigs"]
    assert [(each["FunctionArn"], each["RequestedProvisionedConcurrentExecutions"]) for each in shown] == [
        (live.arn(qualifier="live"), 2),
        (live.arn(qualifier="2"), 3),
    ]


def test_snap_start_and_provisioning_exclude_each_other(live):
    live.call("UpdateFunctionConfiguration", FunctionName="hello", SnapStart={"ApplyOn": "PublishedVersions"})
    assert live.publish() == "3"
    error = live.refused(
        "PutProvisionedConcurrencyConfig", FunctionName="hello", Qualifier="3", ProvisionedConcurrentExecutions=1
    )
    assert "SnapStart" in error.message


def test_the_account_settings_count_what_there_is(live):
    live.call("PublishLayerVersion", LayerName="deps", Content={"ZipFile": b"12345"})
    reserve(live, 50)
    live.create("other", Publish=True)
    live.call("PutProvisionedConcurrencyConfig", FunctionName="other", Qualifier="1", ProvisionedConcurrentExecutions=7)
    shown = live.call("GetAccountSettings")
    assert shown["AccountUsage"] == {"FunctionCount": 2, "TotalCodeSize": 3 * 2 + 2 * 2 + 5}
    assert shown["AccountLimit"] == {
        "TotalCodeSize": 322_122_547_200,
        "CodeSizeUnzipped": 262_144_000,
        "CodeSizeZipped": 52_428_800,
        "ConcurrentExecutions": 1000,
        "UnreservedConcurrentExecutions": 943,
    }
