"""What counts as a line of the code, as an error, and as an exception's name."""

import json

from autograder.evidence import Evidence, LogLine, Window
from autograder.probes.log_records import errors, mentions, names_exception, own_lines


def evidence(*texts: str) -> Evidence:
    lines = [LogLine(150.0, "/aws/lambda/worker", text) for text in texts]
    return Evidence(windows={"bad": Window("bad", 100.0, 200.0)}, lines=lines)


def test_what_lambda_writes_by_itself_is_left_out() -> None:
    platform = json.dumps({"type": "platform.report", "record": {}})
    seen = own_lines(evidence("START RequestId: 1", platform, "hello", '{"level": "INFO"}'), "bad")
    assert seen == [("hello", None), ('{"level": "INFO"}', {"level": "INFO"})]


def test_errors_are_json_objects_of_that_level_whatever_the_member_is_called() -> None:
    seen = own_lines(evidence('{"severity": "error"}', '{"level": "INFO"}', "[ERROR] text"), "bad")
    assert errors(seen) == [{"severity": "error"}]


def test_a_text_is_found_however_deep_it_is() -> None:
    assert mentions({"message": {"records": ["order 7 failed"]}}, "order 7")
    assert not mentions({"message": 7}, "7")


def test_an_exception_is_named_by_a_class_or_by_the_end_of_a_traceback() -> None:
    assert names_exception({"errorType": "KeyError"})
    assert names_exception({"stack": "Traceback (most recent call last):\n  line\nbotocore.exceptions.ClientError: no"})
    assert not names_exception({"level": "ERROR", "message": "KeyError"})
