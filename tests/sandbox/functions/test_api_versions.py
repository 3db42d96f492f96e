from __future__ import annotations


def test_versions_count_up_and_never_change(lab):
    lab.create()
    assert [lab.publish(), lab.publish(content=b"v2")] == ["1", "2"]
    lab.call("UpdateFunctionConfiguration", FunctionName="hello", Timeout=99)
    shown = lab.call("GetFunctionConfiguration", FunctionName="hello", Qualifier="2")
    assert (shown["Timeout"], shown["FunctionArn"]) == (3, lab.arn(qualifier="2"))


def test_unchanged_code_and_configuration_publish_nothing_new(lab):
    lab.create()
    assert lab.publish() == "1"
    again = lab.call("PublishVersion", FunctionName="hello", Description="another text")
    assert (again["Version"], again["Description"]) == ("1", "")


def test_an_update_that_changes_nothing_publishes_nothing_new(lab):
    lab.create()
    lab.publish()
    lab.call("UpdateFunctionConfiguration", FunctionName="hello", Timeout=3)
    lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v1")
    assert lab.publish() == "1"


def test_a_number_is_not_used_again(lab):
    lab.create()
    lab.publish()
    lab.call("DeleteFunction", FunctionName="hello", Qualifier="1")
    assert lab.publish() == "2"


def test_the_code_must_be_what_the_caller_thinks_it_is(lab):
    sha = lab.create()["CodeSha256"]
    error = lab.refused("PublishVersion", FunctionName="hello", CodeSha256="other")
    assert error.message == (
        f"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({sha}). "
        "Please try again with the CodeSHA256 in $LATEST."
    )
    assert lab.call("PublishVersion", FunctionName="hello", CodeSha256=sha)["Version"] == "1"


def test_a_stale_revision_publishes_nothing(lab):
    stale = lab.create()["RevisionId"]
    assert lab.refused("PublishVersion", FunctionName="hello", RevisionId=stale).status == 412
    current = lab.call("GetFunctionConfiguration", FunctionName="hello")["RevisionId"]
    assert lab.call("PublishVersion", FunctionName="hello", RevisionId=current)["Version"] == "1"


def test_a_published_version_is_active_at_once_and_described(lab):
    lab.create()
    shown = lab.call("PublishVersion", FunctionName="hello", Description="first")
    assert (shown["State"], shown["LastUpdateStatus"], shown["Description"]) == ("Active", "Successful", "first")


def test_the_listing_begins_with_latest(lab):
    lab.create(Publish=True)
    shown = lab.call("ListVersionsByFunction", FunctionName="hello")["Versions"]
    assert [each["Version"] for each in shown] == ["$LATEST", "1"]
    assert shown[0]["FunctionArn"] == lab.arn(qualifier="$LATEST")


def test_a_long_listing_is_complete_over_its_pages(lab):
    lab.create()
    for number in range(55):
        lab.publish(content=f"code {number}".encode())
    seen, marker = [], {}
    while True:
        shown = lab.call("ListVersionsByFunction", FunctionName="hello", MaxItems=20, **marker)
        seen += [each["Version"] for each in shown["Versions"]]
        if "NextMarker" not in shown:
            break
        marker = {"Marker": shown["NextMarker"]}
    assert seen == ["$LATEST", *map(str, range(1, 56))]
