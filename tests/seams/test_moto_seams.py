"""One contract test for each patch of moto: it fails when moto changes underneath, or when the patch is not applied."""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import json
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import moto
import pytest

from sandbox.clock import Clock
from sandbox.control_plane import seams
from sandbox.control_plane.plane import ControlPlane
from sandbox.errors import InternalError
from sandbox.ids import Ids

ACCOUNT, REGION = "123456789012", "us-east-1"
MOTO = Path(moto.__file__).parent


@pytest.fixture
def plane():
    made = ControlPlane(Clock(virtual=True, start=1_900_000_000.0), Ids(3))
    made.warm_up()
    yield made
    made.close()


def test_every_seam_has_a_contract_test_here():
    tested = Path(__file__).read_text("utf-8")
    for seam in [seams.heavy_packages_stay_out, *(seam for _, seam in seams.SEAMS)]:
        assert f"seam: {seam.__name__}" in tested, f"no contract test for {seam.__name__}"


def test_the_version_of_moto_is_the_one_the_seams_were_written_for():
    assert moto.__version__ == "5.2.5"


def test_heavy_packages_are_not_imported_for_nothing():
    """seam: heavy_packages_stay_out"""
    import subprocess
    import sys

    heavy = ("moto.awslambda.models", "moto.ecr", "moto.dynamodb", "moto.s3", "docker")
    script = (
        "import sys; from sandbox.clock import Clock; from sandbox.ids import Ids;"
        "from sandbox.control_plane.plane import ControlPlane; ControlPlane(Clock(), Ids(1)).warm_up();"
        f"print([name for name in {heavy!r} if name in sys.modules],"
        "len(sys.modules['moto.iam.aws_managed_policies'].aws_managed_policies_data))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["[]", "2"]


def test_models_are_not_kept_for_ever(plane):
    """seam: models_are_not_tracked"""
    backend = plane.world.backend("sqs", ACCOUNT, REGION)
    queue = backend.create_queue("q", {})
    backend.send_message("q", "m")
    assert type(queue).instances_tracked == []
    assert type(queue._messages[0]).instances_tracked == []


def test_puts_leave_no_metrics_in_motos_cloudwatch(plane):
    """seam: streams_tell_nobody"""
    from moto.kinesis.models import KinesisBackend

    stream = {"stream_arn": None, "stream_name": "clicks"}
    kinesis = plane.world.backend("kinesis", ACCOUNT, REGION)
    kinesis.create_stream("clicks", 1, None, None)
    kinesis.put_record(**stream, partition_key="k", explicit_hash_key=None, data="eA==")
    assert plane.world.backend("cloudwatch", ACCOUNT, REGION).metric_data == []
    assert "self._send_stream_metrics(" in inspect.getsource(KinesisBackend.put_records)


def test_method_names_are_looked_up_once(plane):
    """seam: method_names_are_remembered"""
    from moto.core import responses
    from moto.sqs.responses import SQSResponse

    first = responses.method_names_from_class(SQSResponse)
    assert "send_message" in first
    assert responses.method_names_from_class(SQSResponse) is first
    assert "method_names_from_class(" in inspect.getsource(responses.BaseResponse.call_action)


def test_request_ids_come_from_the_account(plane):
    """seam: request_ids_are_ours"""
    from moto.core.responses import BaseResponse

    seams.current_request_id = "r-1"
    headers, body = BaseResponse._enrich_response({}, "<RequestId>moto</RequestId>")
    assert (headers["x-amzn-requestid"], body) == ("r-1", "<RequestId>r-1</RequestId>")


def test_modules_that_imported_utcnow_by_name_see_the_accounts_clock(plane):
    """seam: time_is_ours"""
    for service in ("sqs", "logs", "iam", "dynamodb", "sns", "events", "kms", "ssm"):
        plane.world.backend(service, ACCOUNT, REGION)
    from moto.core.utils import unix_time, unix_time_millis
    from moto.iam.models import utcnow as of_iam
    from moto.logs.models import utcnow as of_logs

    plane.world.clock.move_to(1_900_000_100.5)
    assert unix_time() == 1_900_000_100.5
    assert unix_time_millis() == 1_900_000_100_500.0
    assert of_iam() == of_logs()
    assert (of_iam().year, of_iam().tzinfo) == (2030, None)


# Service to the modules of moto that read the real clock; the docstring of ``seams.py`` tells them to people.
REAL_CLOCK = {
    "s3": {"s3/models.py"},
    "cloudwatch": {"cloudwatch/models.py"},
    "secretsmanager": {"secretsmanager/models.py"},
    "xray": {"xray/models.py"},
    "apigateway": {"apigateway/models.py"},
    "apigatewayv2": {"apigatewayv2/models.py"},
}
COURSE = "s3 sqs sns dynamodb dynamodbstreams kinesis events scheduler logs cloudwatch iam sts kms secretsmanager ssm xray"
COURSE += " apigateway apigatewayv2 cloudformation codedeploy organizations utilities"


def reads_the_real_clock(source: str) -> bool:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if (owner.endswith("datetime") and node.func.attr in ("now", "utcnow")) or (owner, node.func.attr) == (
                "time",
                "time",
            ):
                return True
    return False


@pytest.mark.parametrize("service", COURSE.split())
def test_the_list_of_moto_modules_that_read_the_real_clock_is_complete(service):
    found = {
        str(path.relative_to(MOTO)) for path in (MOTO / service).rglob("*.py") if reads_the_real_clock(path.read_text("utf-8"))
    }
    assert found == REAL_CLOCK.get(service, set())


def test_motos_own_iam_enforcement_is_off_whatever_its_settings_say(plane, monkeypatch):
    """seam: access_is_the_gates"""
    from moto import settings
    from moto.core.authorization import ActionAuthenticatorMixin

    monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
    mixin = ActionAuthenticatorMixin()
    mixin.region = REGION
    mixin._authenticate_and_authorize_normal_action("*")
    mixin._authenticate_and_authorize_s3_action("b", "k")


def test_other_services_find_a_lambda_backend_that_refuses(plane):
    """seam: other_services_find_our_functions"""
    from moto.awslambda.utils import get_backend

    with pytest.raises(InternalError, match="send_sqs_batch"):
        get_backend(ACCOUNT, REGION).send_sqs_batch("arn", [], "queue")


def test_no_docker_is_reached_through_motos_lambda_backends(plane):
    """seam: functions_are_never_motos"""
    models = importlib.import_module("moto.awslambda.models")
    seams.apply()
    with pytest.raises(InternalError, match="invoke"):
        models.lambda_backends[ACCOUNT][REGION].invoke("f")
    from moto import backends

    with pytest.raises(InternalError, match="get_function"):
        backends.get_backend("lambda")[ACCOUNT][REGION].get_function("f")


def test_bucket_policies_are_not_applied_by_moto(plane):
    """seam: bucket_policies_are_the_gates"""
    bucket = plane.world.backend("s3", ACCOUNT).create_bucket("b-one", REGION)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    bucket.policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]}).encode()
    assert bucket.get_permission("s3:GetObject", "arn:aws:s3:::b-one/k").name == "NEUTRAL"


def test_dropped_objects_close_their_files_without_a_warning(plane):
    """seam: objects_are_dropped_quietly"""
    backend = plane.world.backend("s3", ACCOUNT)
    backend.create_bucket("b-one", REGION)
    spool = backend.put_object("b-one", "k", b"x")._value_buffer
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del backend
        plane.world.reset()
        gc.collect()
    assert [str(row.message) for row in caught if issubclass(row.category, ResourceWarning)] == []
    assert isinstance(spool, seams._Spool)


def test_objects_of_some_megabytes_are_kept_in_memory(plane):
    """seam: objects_stay_in_memory"""
    backend = plane.world.backend("s3", ACCOUNT)
    backend.create_bucket("b-one", REGION)
    kept = backend.put_object("b-one", "k", bytes(20_000_000))._value_buffer
    filed = backend.put_object("b-one", "large", bytes(seams._OBJECT_BYTES_IN_MEMORY + 1))._value_buffer
    assert (kept._rolled, filed._rolled) == (False, True)


def test_iam_starts_with_the_courses_managed_policies(plane):
    """seam: managed_policies_are_ours"""
    backend = plane.world.backend("iam", ACCOUNT)
    assert "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" in backend.managed_policies
    assert 50 <= len(backend.managed_policies) <= 100
    versions = backend.managed_policies["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"].versions
    assert json.loads(versions[0].document)["Statement"]


def test_secret_keys_do_not_follow_from_the_seed():
    """seam: secrets_are_not_replayed"""
    secrets = []
    for _ in range(2):
        plane = ControlPlane(Clock(virtual=True), Ids(3))
        plane.warm_up()
        key = plane.world.backend("iam", ACCOUNT).create_access_key("learner")
        secrets.append((key.access_key_id, key.secret_access_key))
        plane.close()
    assert secrets[0][0] == secrets[1][0]
    assert secrets[0][1] != secrets[1][1]
    assert len(secrets[0][1]) == 40


def test_a_condition_is_cut_into_words_once_and_each_reader_gets_words_of_its_own(plane, monkeypatch):
    """seam: conditions_are_read_once"""
    plane.world.backend("dynamodb", ACCOUNT, REGION)
    comparisons = importlib.import_module("moto.dynamodb.comparisons")
    parser, cut = comparisons.ConditionExpressionParser, []
    original = parser._lex_one_node
    monkeypatch.setattr(parser, "_lex_one_node", lambda self, text: cut.append(text) or original(self, text))
    text = "attribute_exists(seams) AND #size < :most"
    made = [
        comparisons.get_filter_expression(text, {"#size": name}, {":most": {"N": most}})
        for name, most in (("first", "1"), ("second", "2"))
    ]
    assert cut.count(text) == 1
    assert ["first" in str(one) for one in made] == [True, False]
    assert ["second" in str(one) for one in made] == [False, True]


def test_sending_does_not_read_the_whole_queue(plane, monkeypatch):
    """seam: sending_does_not_count_the_queue"""
    backend = plane.world.backend("sqs", ACCOUNT, REGION)
    queue = backend.create_queue("q", {})
    counted = []
    counts = property(lambda self: counted.append(self.name) or 0)
    monkeypatch.setattr(type(queue), "approximate_number_of_messages", counts)
    backend.send_message("q", "m")
    assert counted == []
    assert "ApproximateNumberOfMessages" in queue.attributes
    assert counted == ["q"]


def test_moto_stores_the_filter_policies_that_sns_takes(plane):
    """seam: filter_policies_are_checked_before"""
    with plane.world.entered():
        backend = plane.world.backend("sns", ACCOUNT, REGION)
        assert list(inspect.signature(type(backend)._validate_filter_policy).parameters)[2:] == ["scope"]
        topic = backend.create_topic("t")
        made = backend.subscribe(topic.arn, f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "sqs")
        policy = '{"ip": [{"cidr": "10.0.0.0/8"}], "a": [{"wildcard": "b*"}]}'
        backend.set_subscription_attributes(made.arn, "FilterPolicy", policy)
        assert "cidr" in backend.get_subscription_attributes(made.arn)["FilterPolicy"]


def test_moto_sends_no_log_events_to_subscriptions(plane):
    """seam: log_subscriptions_are_ours"""
    with plane.world.entered():
        backend = plane.world.backend("logs", ACCOUNT, REGION)
        backend.ensure_log_group("g")
        backend.ensure_log_stream("g", "s")
        group = backend.groups["g"]
        group.put_subscription_filter("f", "", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:nobody", "")
        sender = type(group.streams["s"])._send_log_events
        assert list(inspect.signature(sender).parameters)[1:] == ["service", "destination_arn", "filter_name", "log_events"]
        group.streams["s"].put_log_events([{"timestamp": 1, "message": "m"}])  # moto's own would ask its Lambda backend
        assert len(group.streams["s"].events) == 1


def test_filter_log_events_knows_the_whole_pattern_syntax(plane):
    """seam: log_patterns_are_ours"""
    with plane.world.entered():
        backend = plane.world.backend("logs", ACCOUNT, REGION)
        backend.ensure_log_group("g")
        backend.ensure_log_stream("g", "s")
        stream = backend.groups["g"].streams["s"]
        rows = [{"timestamp": at, "message": message} for at, message in ((1, '{"ms": 20}'), (2, '{"ms": 3}'), (3, "ms 99"))]
        stream.put_log_events(rows)
        found = stream.filter_log_events(0, 0, "{ $.ms > 10 }")
        assert [event["message"] for event in found] == ['{"ms": 20}']


def test_rules_and_replays_deliver_nothing_by_themselves(plane):
    """seam: events_are_not_delivered"""
    with plane.world.entered():
        backend = plane.world.backend("events", ACCOUNT, REGION)
        backend.put_rule("r", event_pattern='{"source": ["s"]}')
        target = {"Id": "1", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"}  # moto's own raises NotImplementedError
        backend.put_targets("r", None, [target])
        (entry,) = backend.put_events([{"Source": "s", "DetailType": "d", "Detail": "{}"}])
        assert set(entry) == {"EventId"}
        bus = backend.event_buses["default"]
        archive = backend.create_archive("a", bus.arn, "", "", 0)
        archive.events.append({"id": "1"})
        backend.start_replay("again", "", archive.arn, "1", "2", {"Arn": bus.arn})
        assert backend.replays["again"].state.value == "STARTING"


def test_services_of_moto_put_no_events_on_buses(plane):
    """seam: services_emit_no_events"""
    with plane.world.entered():
        plane.world.backend("events", ACCOUNT, REGION)
        from moto.events import notifications

        seams.apply()
        assert notifications._send_safe_notification("aws.s3", "CreateBucket", REGION, [], {}) is None
        assert "moto" not in notifications._send_safe_notification.__module__


def test_applying_the_seams_again_changes_nothing(plane):
    from moto.core import responses

    before = responses.method_names_from_class
    seams.install(lambda: None)
    seams.apply()
    assert responses.method_names_from_class is before


def test_nothing_of_moto_is_imported_before_it_is_needed():
    import subprocess
    import sys

    script = (
        "import sys; from sandbox.clock import Clock; from sandbox.ids import Ids;"
        "from sandbox.control_plane.plane import ControlPlane; plane = ControlPlane(Clock(), Ids(1));"
        "plane.identities.policies(plane.identities.learner().principal);"
        "plane.identities.credential(plane.identities.learner().access_key_id); plane.policy_of('arn:aws:s3:::b');"
        "print([name for name in ('moto', 'boto3', 'botocore') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_a_queue_is_not_read_as_a_whole(plane):
    """seam: queues_are_ours"""
    backend = plane.world.backend("sqs", ACCOUNT, REGION)
    queue = backend.create_queue("long", {})
    sent = [backend.send_message("long", str(number)) for number in range(50)]
    (first,) = backend.receive_message("long", 1, 0, 30)
    assert first.body == "0"
    assert [each.approximate_receive_count for each in sent[:2]] == [1, 0]
    assert queue.approximate_number_of_messages_not_visible == 1
    backend.delete_message("long", first.receipt_handle)
    backend.delete_message("long", first.receipt_handle)
    assert len(queue._messages) == 49
    with pytest.raises(Exception, match="receipt handle"):
        backend.delete_message("long", "another")


def test_the_messages_of_a_queue_are_counted_at_one_moment(plane, monkeypatch):
    """seam: queues_are_ours"""
    backend = plane.world.backend("sqs", ACCOUNT, REGION)
    models = inspect.getmodule(type(backend))
    queue = backend.create_queue("counted", {})
    for number in range(6):
        backend.send_message("counted", str(number), delay_seconds=5 if number > 3 else 0)
    plane.world.clock.move_to(plane.world.clock.now() + 1)
    backend.receive_message("counted", 1, 0, 30)
    asked = []
    now_ms = models.unix_time_millis
    monkeypatch.setattr(models, "unix_time_millis", lambda: asked.append(1) or now_ms())
    found = (
        queue.approximate_number_of_messages,
        queue.approximate_number_of_messages_delayed,
        queue.approximate_number_of_messages_not_visible,
    )
    assert found == (3, 2, 1)
    assert len(asked) == 3
    assert found[0] == len(queue.messages)


def test_a_split_shard_keeps_its_records_and_takes_no_more(plane):
    """seam: shards_are_ours"""
    backend = plane.world.backend("kinesis", ACCOUNT, REGION)
    backend.create_stream("s", 1, {"StreamMode": "PROVISIONED"})
    stream = backend.streams["s"]
    assert stream.put_record("k", "", "YQ==") == ("1", "shardId-000000000000")
    stream.split_shard("shardId-000000000000", str(2**127))
    old = stream.get_shard("shardId-000000000000")
    assert [record.data for record in old.get_records("0", 10)[0]] == ["YQ=="]
    assert stream.put_record("k", "", "Yg==")[1] != "shardId-000000000000"
    plane.world.clock.move_to(plane.world.clock.now() + 86_401)
    assert stream.get_shard("shardId-000000000000").get_records("0", 10)[0] == []
    assert old.get_max_sequence_number() == 1


def test_apis_are_not_intercepted(plane):
    """seam: apis_are_not_intercepted"""
    plane.world.backends("apigateway")
    models = importlib.import_module("moto.apigateway.models")
    assert "update_integration_mocks" in (MOTO / "apigateway/models.py").read_text("utf-8")
    before = len(models.responses_mock.registered())
    api = models.RestAPI("abc", ACCOUNT, REGION, "name", "")
    api.default.add_method("GET", "NONE", None)
    api.create_deployment("dev", "")
    assert len(models.responses_mock.registered()) == before


def test_only_a_stand_in_for_the_crypto_library_changes_how_keys_work(plane, monkeypatch):
    """seam: symmetric_keys_need_no_crypto_library"""
    plane.world.backend("kms", ACCOUNT, REGION)
    from moto.kms import models, utils

    for module, names in ((models, ["generate_private_key"]), (utils, ["Cipher", "algorithms", "modes", "default_backend"])):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name))
    library = utils.Cipher
    seams.symmetric_keys_need_no_crypto_library(models)
    assert utils.Cipher is library
    monkeypatch.setitem(sys.modules, "cryptography", SimpleNamespace())
    seams.symmetric_keys_need_no_crypto_library(models)
    assert utils.Cipher is not library
    key = models.Key("", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", ACCOUNT, REGION)
    sealed = utils.encrypt({key.id: key}, key.id, b"a text", {"function": "f"})
    assert utils.decrypt({key.id: key}, sealed, {"function": "f"}) == (b"a text", key.id)
