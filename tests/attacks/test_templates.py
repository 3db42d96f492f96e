"""Templates made against whoever deploys them: what they name outside, and what they grow to."""

from __future__ import annotations

import json
import socketserver
import threading
from time import monotonic
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from autograder.errors import SubmissionError
from autograder.packaging import package
from autograder.source_tree import tree_of
from sandbox.account import local_account

WITHIN_S = 20.0
TOPIC = {"Type": "AWS::SNS::Topic"}


@pytest.fixture(scope="module")
def account():
    with local_account(virtual_time=True) as made:
        yield made


@pytest.fixture
def listener():
    """A service of this machine that notes who calls."""
    called = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            called.append(self.client_address)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(port=server.server_address[1], called=called)
        server.shutdown()


def deployed(account, template):
    """The stack's state and reasons, or the refusal; in bounded time."""
    began = monotonic()
    stacks = account.client("cloudformation")
    body = template if isinstance(template, str) else json.dumps(template)
    try:
        name = stacks.create_stack(StackName="attack", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])["StackId"]
        account.control.until_quiet()
        state = stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        events = stacks.describe_stack_events(StackName=name)["StackEvents"]
        said = state + " " + " ".join(row.get("ResourceStatusReason", "") for row in events)
        stacks.delete_stack(StackName="attack")
        account.control.until_quiet()
    except ClientError as error:
        said = error.response["Error"]["Code"] + " " + error.response["Error"]["Message"]
    assert monotonic() - began < WITHIN_S
    return said


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../other-learner/src", "src/../../x", "..", "src\\..\\..\\x", "file:///etc/passwd", "~/.ssh"]
)
@pytest.mark.parametrize(
    "kind", ["AWS::Serverless::Function:CodeUri", "AWS::Lambda::Function:Code", "AWS::Serverless::Api:DefinitionUri"]
)
def test_code_from_outside_the_submission_is_refused(path, kind):
    name, _, field = kind.rpartition(":")
    template = json.dumps({"Resources": {"F": {"Type": name, "Properties": {field: path}}}})
    with pytest.raises(SubmissionError, match=r"no such file or folder|must be a relative path"):
        package(tree_of({"template.json": template.encode(), "src/app.py": b""}), "bucket")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (
            {"Transform": {"Name": "AWS::Include", "Parameters": {"Location": "/etc/passwd"}}, "Resources": {"T": TOPIC}},
            "No transform",
        ),
        ({"Transform": "MyMacro", "Resources": {"T": TOPIC}}, "No transform named"),
        (
            {
                "Resources": {
                    "T": TOPIC
                    | {"Properties": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}}
                }
            },
            "Fn::Transform is not supported",
        ),
        (
            {"Resources": {"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "file:///etc/passwd"}}}},
            "Unrecognized resource",
        ),
        ({"Resources": {"Fn::ForEach::Loop": ["X", ["a"] * 400, {"T${X}": TOPIC}]}}, "non alphanumeric"),
    ],
    ids=["include", "macro", "inner-include", "nested-stack", "loop"],
)
def test_macros_includes_and_loops_are_refused(account, template, said):
    assert said in deployed(account, template)


def test_a_template_is_fetched_from_no_other_place(account, listener):
    for url in ("file:///etc/passwd", f"http://127.0.0.1:{listener.port}/template", f"https://127.0.0.1:{listener.port}/a/b"):
        with pytest.raises(ClientError, match=r"TemplateURL must be a supported URL|bucket does not exist"):
            account.client("cloudformation").create_stack(StackName="elsewhere", TemplateURL=url)
    assert listener.called == []


def test_aliases_that_multiply_are_refused():
    """Thirty short lines stand for a thousand million values."""
    lines = ["a0: &a0 [x, x]", *(f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]" for number in range(1, 31))]
    text = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Metadata:\n" + "".join(f"      {line}\n" for line in lines)
    with pytest.raises(SubmissionError, match="once its aliases are put in"):
        package(tree_of({"template.yaml": text.encode()}), "bucket")


def test_merges_that_multiply_are_refused():
    """Nine lines of ``<<`` stand for nine to the ninth keys, and are put in while the text is read."""
    first = "a0: &a0 {" + ", ".join(f"k{number}: 1" for number in range(9)) + "}"
    merges = [f"a{number}: &a{number} {{<<: [{', '.join([f'*a{number - 1}'] * 9)}]}}" for number in range(1, 9)]
    text = "Metadata:\n" + "".join(f"  {line}\n" for line in [first, *merges])
    with pytest.raises(SubmissionError, match="once its aliases are put in"):
        package(tree_of({"template.yaml": text.encode()}), "bucket")


@pytest.mark.parametrize(
    "text",
    [
        'Resources: {T: {Type: "AWS::\\e[2J"}}',
        '{"Resources": {"T\\u001b": {}}}',
        "Resources: {T: " + "9" * 5000 + "}",
        "Resources: {T: \x1b}",
    ],
    ids=["escape", "json-key", "digits", "raw"],
)
def test_what_no_answer_can_hold_is_refused(text):
    with pytest.raises(SubmissionError, match=r"control character|not well-formed"):
        package(tree_of({"template.yaml": text.encode()}), "bucket")


@pytest.mark.parametrize(
    "text",
    ["Resources: &r\n  T: *r\n", "Resources: " + "[" * 5000 + "]" * 5000, '{"Resources":' + "[" * 50_000 + "]" * 50_000 + "}"],
    ids=["circle", "deep-yaml", "deep-json"],
)
def test_circles_and_endless_depth_are_refused(text):
    with pytest.raises(SubmissionError, match="nested"):
        package(tree_of({"template.yaml": text.encode()}), "bucket")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['touch /tmp/attacked']", "!!python/name:os.system", "!!binary 'QUJD'"]
)
def test_no_tag_makes_anything_but_data(tag):
    with pytest.raises(SubmissionError):
        package(tree_of({"template.yaml": f"Resources: {tag}\nx: 1".encode()}), "bucket")


def _growing(function, levels):
    value = "xxxxxxxx"
    for _ in range(levels):
        if function == "Fn::Sub":
            value = {"Fn::Sub": ["${a}${a}", {"a": value}]}
        elif function == "Fn::Join":
            value = {"Fn::Join": ["xxxxxxxx", {"Fn::Split": ["x", value]}]}
        else:
            value = {"Fn::ToJsonString": {'"': value}}
    return value


@pytest.mark.parametrize(("function", "levels"), [("Fn::Sub", 25), ("Fn::Join", 20), ("Fn::ToJsonString", 40)])
def test_functions_in_one_another_do_not_grow_without_end(account, function, levels):
    said = deployed(account, {"Resources": {"T": TOPIC | {"Properties": {"DisplayName": _growing(function, levels)}}}})
    assert "makes a text of more than" in said


JUNK = (
    7,
    1.5,
    True,
    "x",
    [],
    [1],
    [None],
    {"a": None},
    {"Fn::Sub": 1},
    {"Fn::Join": 1},
    {"Fn::Select": ["x", []]},
    {"Fn::GetAtt": 1},
)
SHAPED = {
    "Transform": "AWS::LanguageExtensions",
    "Parameters": {"P": {"Type": "String", "Default": "x"}},
    "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
    "Resources": {
        "T": TOPIC | {"Condition": "C", "Properties": {"DisplayName": {"Fn::Sub": ["${a}", {"a": {"Ref": "P"}}]}}},
        "Q": {"Type": "AWS::SQS::Queue", "DependsOn": "T", "Properties": {"QueueName": {"Fn::Join": ["-", ["a", "b"]]}}},
    },
    "Outputs": {"O": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}},
}


def _places(value, path=()):
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in rows:
        yield (*path, key)
        yield from _places(inside, (*path, key))


def test_a_template_of_wrong_shapes_is_its_authors_fault(account):
    """``InternalFailure`` would say that we broke: the submission would stay ungraded and be tried again."""
    for number, path in enumerate(_places(SHAPED)):
        template = json.loads(json.dumps(SHAPED))
        inside = template
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = JUNK[number % len(JUNK)]
        assert "InternalFailure" not in deployed(account, template), (path, template)
        account.reset()


def test_a_pattern_that_backtracks_for_ever_is_cut_off(account):
    rule = {"Type": "String", "Default": "a" * 40 + "!", "AllowedPattern": "(a|a)*(a|aa)+$"}
    said = deployed(account, {"Parameters": {"P": rule}, "Resources": {"T": TOPIC}})
    assert "takes too long" in said or "must match pattern" in said


def test_nothing_a_stack_subscribes_is_called_from_our_process(account, listener):
    """An HTTP subscription would be a way for a submission to reach whatever listens on this machine."""
    topic = account.client("sns").create_topic(Name="calls")["TopicArn"]
    account.client("sns").subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{listener.port}/hook")
    account.client("sns").publish(TopicArn=topic, Message="x")
    account.control.advance(seconds=60)
    assert listener.called == []
