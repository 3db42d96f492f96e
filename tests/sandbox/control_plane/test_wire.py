from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib

import pytest

from sandbox.control_plane import cbor, wire
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest


def request(method="POST", path="/", query="", headers=(), body=b"", host="127.0.0.1:4566"):
    return HttpRequest(method, path, query, [("Host", host), *headers], body)


def json_request(target, document, version="1.0"):
    headers = [("X-Amz-Target", target), ("Content-Type", f"application/x-amz-json-{version}")]
    return request(headers=headers, body=json.dumps(document).encode())


def form_request(body):
    return request(headers=[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body=body)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1:4566", "/b-one/a/k%20ey"),
        ("s3.amazonaws.com", "/b-one/a/k%20ey"),
        ("s3.eu-west-1.amazonaws.com", "/b-one/a/k%20ey"),
        ("b-one.s3.amazonaws.com", "/a/k%20ey"),
        ("b-one.s3.eu-west-1.amazonaws.com", "/a/k%20ey"),
        ("b-one.s3-eu-west-1.amazonaws.com", "/a/k%20ey"),
        ("b-one.s3.dualstack.eu-west-1.amazonaws.com", "/a/k%20ey"),
        ("b-one.localhost:4566", "/a/k%20ey"),
        ("b-one.s3.localhost:4566", "/a/k%20ey"),
    ],
)
def test_every_way_to_write_a_bucket_and_key_means_the_same(host, path):
    call = wire.parse("s3", request("GET", path, host=host))
    assert (call.operation, call.params["Bucket"], call.params["Key"]) == ("GetObject", "b-one", "a/k ey")


def test_a_bucket_name_with_dots_stays_whole():
    call = wire.parse("s3", request("GET", "/", "list-type=2&prefix=x", host="my.dotted.b.s3.us-east-1.amazonaws.com"))
    assert (call.operation, call.params["Bucket"], call.params["Prefix"]) == ("ListObjectsV2", "my.dotted.b", "x")


def test_a_chunked_upload_is_unwrapped_and_its_trailing_checksum_kept():
    body = b"hello world"
    checksum = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    raw = b"6;chunk-signature=abc\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % checksum.encode()
    headers = [
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        ("x-amz-decoded-content-length", "11"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ]
    call = wire.parse("s3", request("PUT", "/b-one/k", headers=headers, body=raw))
    assert (call.operation, call.params["Body"], call.params["ChecksumCRC32"]) == ("PutObject", body, checksum)
    assert "content-encoding" not in {key.lower() for key, _ in call.native.headers}


@pytest.mark.parametrize("raw", [b"zz\r\nhello", b"ff\r\nhello", b"", b"5\r\nhello\r\n"])
def test_a_broken_chunked_upload_is_refused(raw):
    headers = [("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    with pytest.raises(AwsError) as caught:
        wire.parse("s3", request("PUT", "/b-one/k", headers=headers, body=raw))
    assert caught.value.code == "IncompleteBody"


def test_an_upload_that_does_not_match_its_checksum_is_refused():
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    with pytest.raises(AwsError) as caught:
        wire.parse("s3", request("PUT", "/b-one/k", headers=[("x-amz-checksum-sha256", wrong)], body=b"hello"))
    assert caught.value.code == "BadDigest"


def test_an_objects_bytes_survive_a_form_content_type():
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    call = wire.parse("s3", request("PUT", "/b-one/k", headers=headers, body=b"a=1&b=2"))
    assert call.params["Body"] == b"a=1&b=2"


def test_a_compressed_body_is_inflated():
    body = gzip.compress(json.dumps({"logGroupName": "g"}).encode())
    headers = [("X-Amz-Target", "Logs_20140328.CreateLogGroup"), ("Content-Type", "application/x-amz-json-1.1")]
    call = wire.parse("logs", request(headers=[*headers, ("Content-Encoding", "gzip")], body=body))
    assert call.params == {"logGroupName": "g"}


def test_a_gzip_bomb_is_refused():
    bomb = gzip.compress(bytes(80 * 1024 * 1024))
    headers = [("X-Amz-Target", "Logs_20140328.CreateLogGroup"), ("Content-Encoding", "gzip")]
    with pytest.raises(AwsError) as caught:
        wire.parse("logs", request(headers=headers, body=bomb))
    assert caught.value.status == 413


def test_lambdas_rest_paths_become_operations_and_parameters():
    call = wire.parse("lambda", request("PUT", "/2015-03-31/functions/f/configuration", body=b'{"Timeout": 5}'))
    assert (call.operation, call.params) == ("UpdateFunctionConfiguration", {"FunctionName": "f", "Timeout": 5})


def test_lambdas_zip_bytes_are_decoded():
    body = json.dumps({"FunctionName": "f", "Code": {"ZipFile": base64.b64encode(b"PK").decode()}}).encode()
    call = wire.parse("lambda", request("POST", "/2015-03-31/functions", body=body))
    assert call.params["Code"]["ZipFile"] == b"PK"


def test_function_arns_in_paths_may_be_encoded_or_not():
    for path in ("arn:aws:lambda:us-east-1:1:function:f", "arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Af"):
        call = wire.parse("lambda", request("GET", f"/2015-03-31/functions/{path}", "Qualifier=1"))
        assert call.params == {"FunctionName": "arn:aws:lambda:us-east-1:1:function:f", "Qualifier": "1"}


def test_the_query_protocol_of_old_clients_works_for_sqs():
    call = wire.parse("sqs", form_request(b"Action=SendMessage&QueueUrl=http%3A%2F%2Fh%2F1%2Fq&MessageBody=hi"))
    assert (call.operation, call.params["MessageBody"], call.protocol) == ("SendMessage", "hi", "query")


def test_lists_and_maps_of_the_query_protocol_become_python():
    body = b"Action=Publish&TopicArn=t&Message=m&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String"
    call = wire.parse("sns", form_request(body))
    assert call.params["MessageAttributes"] == {"a": {"DataType": "String"}}


def test_cbor_requests_name_their_operation_in_the_path():
    body = cbor.encode({"Namespace": "N", "MetricData": [{"MetricName": "m", "Value": 1.5}]})
    path = "/service/GraniteServiceVersion20100801/operation/PutMetricData"
    call = wire.parse("cloudwatch", request(path=path, headers=[("smithy-protocol", "rpc-v2-cbor")], body=body))
    assert call.operation == "PutMetricData"
    assert call.params == {"Namespace": "N", "MetricData": [{"MetricName": "m", "Value": 1.5}]}


@pytest.mark.parametrize(
    ("service", "broken", "code"),
    [
        ("dynamodb", json_request("DynamoDB_20120810.NoSuchThing", {}), "UnknownOperationException"),
        ("iam", form_request(b"Action=NoSuchThing"), "InvalidAction"),
        ("s3", request("PATCH", "/b-one"), "MethodNotAllowed"),
        ("lambda", request("GET", "/2015-03-31/nothing"), "UnknownOperationException"),
        ("lambda", request("POST", "/2015-03-31/functions", body=b"{no json"), "InvalidRequestContentException"),
        ("dynamodb", request(headers=[("X-Amz-Target", "DynamoDB_20120810.PutItem")], body=b"{"), "SerializationException"),
        ("s3", request("PUT", "/b-one", "versioning", body=b"<no xml"), "MalformedXML"),
        (
            "cloudwatch",
            request(path="/service/x/operation/PutMetricData", headers=[("smithy-protocol", "rpc-v2-cbor")], body=b"\xff\x00"),
            "SerializationException",
        ),
    ],
)
def test_a_request_that_makes_no_sense_is_the_callers_mistake(service, broken, code):
    with pytest.raises(AwsError) as caught:
        wire.parse(service, broken)
    assert caught.value.code == code
    answer = wire.serialise_error(service, None, caught.value, broken, "r-1")
    assert answer.status >= 400


def test_a_caller_cannot_choose_the_account_by_motos_header():
    call = wire.parse("s3", request("GET", "/", headers=[("x-moto-account-id", "999999999999")]))
    assert "x-moto-account-id" not in {key.lower() for key, _ in call.native.headers}


def test_results_carry_the_operations_status_and_only_members_that_are_set():
    call_request = request("POST", "/2015-03-31/functions")
    result = {"FunctionName": "f", "Timeout": 3, "VpcConfig": None}
    answer = wire.serialise("lambda", "CreateFunction", result, call_request, "r-1")
    assert answer.status == 201
    assert json.loads(answer.body) == {"FunctionName": "f", "Timeout": 3}
    assert answer.header("x-amzn-RequestId") == "r-1"
    assert answer.header("content-type") == "application/json"


def test_an_empty_result_has_an_empty_body_and_204():
    answer = wire.serialise("lambda", "DeleteAlias", {}, request("DELETE", "/2015-03-31/functions/f/aliases/a"), "r-1")
    assert (answer.status, answer.body) == (204, b"")


def test_rest_json_errors_name_their_type_in_a_header_and_spell_the_message_as_the_model_does():
    refused = request("GET", "/2015-03-31/functions/f")
    missing = wire.serialise_error(
        "lambda", "GetFunction", AwsError("ResourceNotFoundException", "gone", 404, fields={"Type": "User"}), refused, "r-1"
    )
    assert missing.header("x-amzn-ErrorType") == "ResourceNotFoundException"
    assert missing.body == b'{"Type":"User","Message":"gone"}'
    invalid = wire.serialise_error(
        "lambda", "GetFunction", AwsError("InvalidParameterValueException", "no", 400, fields={"Type": "User"}), refused, "r-1"
    )
    assert invalid.body == b'{"Type":"User","message":"no"}'


def test_json_errors_of_services_that_spoke_query_before_carry_the_old_code():
    answer = wire.serialise_error(
        "sqs", "GetQueueUrl", AwsError("QueueDoesNotExist", "gone"), json_request("AmazonSQS.GetQueueUrl", {}), "r-1"
    )
    assert json.loads(answer.body) == {"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "gone"}
    assert answer.header("x-amzn-query-error") == "AWS.SimpleQueueService.NonExistentQueue;Sender"


def test_query_errors_are_xml_with_everything_escaped():
    answer = wire.serialise_error(
        "iam", "GetUser", AwsError("NoSuchEntity", '<no> & "x"', 404), form_request(b"Action=GetUser"), "r-1"
    )
    text = answer.body.decode()
    assert answer.status == 404
    assert "<Code>NoSuchEntity</Code>" in text
    assert '<Message>&lt;no&gt; &amp; "x"</Message>' in text
    assert "<RequestId>r-1</RequestId>" in text


def test_an_error_on_head_has_no_body():
    answer = wire.serialise_error("s3", "HeadObject", AwsError("404", "Not Found", 404), request("HEAD", "/b/k"), "r-1")
    assert (answer.status, answer.body, answer.header("x-amz-request-id")) == (404, b"", "r-1")


def test_errors_in_cbor_are_cbor():
    asked = request(path="/service/x/operation/GetMetricData", headers=[("smithy-protocol", "rpc-v2-cbor")])
    answer = wire.serialise_error("cloudwatch", "GetMetricData", AwsError("ValidationError", "no"), asked, "r-1")
    assert cbor.decode(answer.body) == {"__type": "com.amazonaws.cloudwatch#ValidationError", "message": "no"}
    assert answer.header("smithy-protocol") == "rpc-v2-cbor"
