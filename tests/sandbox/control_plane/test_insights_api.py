from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.account import inprocess_account

START = 1_800_000_000
GROUP = "/shop/api"


@pytest.fixture(scope="module")
def logs():
    with inprocess_account(seed=7, start=float(START)) as account:
        client = account.client("logs")
        client.create_log_group(logGroupName=GROUP)
        client.create_log_stream(logGroupName=GROUP, logStreamName="s")
        events = [{"timestamp": (START + at) * 1000, "message": f'{{"n": {at}}}'} for at in range(10)]
        client.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)
        yield client


def ask(logs, text, **more):
    where = {"logGroupName": GROUP, "startTime": START, "endTime": START + 4, **more}
    return logs.get_query_results(queryId=logs.start_query(queryString=text, **where)["queryId"])


def test_a_query_looks_at_its_time_and_says_what_it_scanned(logs):
    answer = ask(logs, "filter n > 2 | fields n | sort n asc")
    assert answer["status"] == "Complete"
    assert [row[0] for row in answer["results"]] == [{"field": "n", "value": "3"}, {"field": "n", "value": "4"}]
    assert (answer["statistics"]["recordsScanned"], answer["statistics"]["recordsMatched"]) == (5.0, 2.0)


def test_the_limit_of_the_call_counts(logs):
    assert len(ask(logs, "fields n", limit=2)["results"]) == 2


def test_a_query_that_cannot_be_compiled_names_the_place(logs):
    with pytest.raises(logs.exceptions.MalformedQueryException) as caught:
        ask(logs, "fields n | bogus")
    assert caught.value.response["queryCompileError"]["location"] == {"startCharOffset": 11, "endCharOffset": 16}


def test_a_group_that_is_not_there_and_a_query_that_is_not_there(logs):
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        ask(logs, "fields n", logGroupName="/none")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.get_query_results(queryId="00000000-0000-0000-0000-000000000000")


def test_queries_are_listed_newest_first(logs):
    first, second = (logs.start_query(logGroupName=GROUP, startTime=START, endTime=START, queryString="fields n") for _ in "ab")
    listed = [row["queryId"] for row in logs.describe_queries(logGroupName=GROUP)["queries"]]
    assert listed[:2] == [second["queryId"], first["queryId"]]


def test_a_time_that_ends_before_it_begins_is_refused(logs):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ask(logs, "fields n", endTime=START - 10)
