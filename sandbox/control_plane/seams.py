"""Every patch of moto 5.2, one function a seam, one contract test a seam (``tests/seams``). Applied once per process.

``install`` imports moto's core; ``apply`` patches whatever has been imported since. ``time_is_ours`` gives moto the account's
clock wherever it reads through ``moto.core.utils`` (SQS visibility, log ingestion, DynamoDB, IAM, SNS, events …). These
reads still see the real clock, and a test of ``tests/seams`` keeps the list complete for the services of the course:

- ``datetime.now()``: an S3 bucket's creation date and object-lock retention, CloudWatch dashboards, X-Ray, API Gateway (v1
  exports, v2 creation dates), Step Functions (creation, history, ``Wait``);
- ``time.time()``: Secrets Manager dates and rotation, API Gateway creation dates, Step Functions' ``Wait``;
- all delays in threads that moto starts: Step Functions executions, Batch, custom resources.
"""

from __future__ import annotations

import sys
import tempfile
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol

from sandbox.control_plane import browser_kms, queue_storage, shard_storage
from sandbox.control_plane.lambda_backend import FunctionsElsewhere, backend_for
from sandbox.control_plane.managed_policies import documents
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.filter_pattern import PatternRefused, compiled


class _Clock(Protocol):
    def now(self) -> float: ...


current_request_id = ""  # of the call that moto is answering; set by dispatch
_current_clock: Callable[[], _Clock | None] = lambda: None  # noqa: E731  # replaced by install
_applied: set[str] = set()
_CONDITIONS_MAX = 1_000
_OBJECT_BYTES_IN_MEMORY = 32 * 1024 * 1024


def install(current_clock: Callable[[], _Clock | None]) -> None:
    """Import moto's core and patch it; cheap after the first call."""
    global _current_clock  # noqa: PLW0603  # one moto, one clock source per process
    if "moto.core.base_backend" not in sys.modules or not _applied:
        _current_clock = current_clock
        import_module("moto.core.base_backend")
        import_module("moto.moto_api._internal")
        heavy_packages_stay_out(sys.modules["moto"])
        import_module("moto.awslambda.utils")
        apply()


def apply() -> None:
    """Apply the seams of every moto module that is imported by now and not yet patched."""
    for name, seam in SEAMS:
        if seam.__name__ not in _applied and name in sys.modules:
            _applied.add(seam.__name__)
            seam(sys.modules[name])


def heavy_packages_stay_out(moto: Any) -> None:
    """Two imports that nobody here needs: Lambda's package drags in ECR, DynamoDB, S3 and docker glue for its own backend, and
    AWS's managed policies are 4.7 MB of text of which ``managed_policies`` reads what is asked for."""
    package = ModuleType("moto.awslambda")
    package.__path__ = [str(Path(moto.__path__[0]) / "awslambda")]
    package.lambda_backends = FunctionsElsewhere()  # type: ignore[attr-defined]
    sys.modules.setdefault("moto.awslambda", package)
    policies = ModuleType("moto.iam.aws_managed_policies")
    policies.aws_managed_policies_data = "{}"  # type: ignore[attr-defined]
    sys.modules.setdefault("moto.iam.aws_managed_policies", policies)


def models_are_not_tracked(common_models: Any) -> None:
    """moto keeps every model instance for ever in ``instances_tracked``, for its dashboard: a leak in a long-lived account."""

    def new(cls: type, *_args: object, **_kwargs: object) -> object:
        return object.__new__(cls)

    common_models.BaseModel.__new__ = new


def method_names_are_remembered(responses: Any) -> None:
    """``inspect.getmembers`` over a response class at each call is the dearest part of moto's dispatch."""
    responses.method_names_from_class = cache(responses.method_names_from_class)


def request_ids_are_ours(responses: Any) -> None:
    """One id in the header, in the body and in the account's records; moto draws another of 52 characters for each answer."""

    def gen_amzn_requestid_long(headers: dict[str, str] | None = None) -> str:
        if headers is not None:
            headers["x-amzn-requestid"] = current_request_id
        return current_request_id

    responses.gen_amzn_requestid_long = gen_amzn_requestid_long


def time_is_ours(utils: Any) -> None:
    """Modules import ``utcnow`` by name, so its code is replaced rather than the name; naive UTC, as moto's."""

    def sandbox_utcnow() -> datetime:
        clock = _current_clock()
        moment = datetime.fromtimestamp(clock.now(), UTC) if clock is not None else datetime.now(UTC)  # noqa: TID251
        return moment.replace(tzinfo=None)

    def utcnow() -> datetime:
        return sandbox_utcnow_of_the_account()  # type: ignore[name-defined,no-any-return]  # noqa: F821

    utils.sandbox_utcnow_of_the_account = sandbox_utcnow
    utils.utcnow.__code__ = utcnow.__code__


def bucket_policies_are_the_gates(s3_models: Any) -> None:
    """moto applies bucket policies itself, by its own evaluator; the gate has applied them already."""

    def get_permission(_self: object, _action: str, _resource: str) -> object:
        return import_module("moto.iam.access_control").PermissionResult.NEUTRAL

    s3_models.FakeBucket.get_permission = get_permission


class _Spool(tempfile.SpooledTemporaryFile[bytes]):
    """Closes without a warning when its object is dropped: a reset drops them all at once."""

    def __del__(self) -> None:
        self.close()


def objects_are_dropped_quietly(s3_models: Any) -> None:
    """moto warns about S3 objects that were not disposed of by its own reset, and so does their spool file."""
    s3_models.tempfile = SimpleNamespace(SpooledTemporaryFile=_Spool)
    s3_models.FakeKey.__del__ = lambda self: self.dispose()


def managed_policies_are_ours(iam_models: Any) -> None:
    """moto knows AWS's managed policies only behind an environment variable, and then parses 4.7 MB for each account."""

    def _init_aws_policies(self: Any) -> list[Any]:
        make = iam_models.AWSManagedPolicy.from_data
        return [make(name, self.account_id, self.region_name, row) for name, row in documents().items()]

    iam_models.IAMBackend._init_aws_policies = _init_aws_policies


def secrets_are_not_replayed(iam_models: Any) -> None:
    """Access key secrets would follow from the printed seed; a secret that replays is none."""
    system = Ids(0)
    iam_models.random_alphanumeric = system.secret


def conditions_are_read_once(comparisons: Any) -> None:
    """moto cuts a condition into words with six patterns a word, and a program asks the same few conditions again and again."""
    parser = comparisons.ConditionExpressionParser
    original = parser._lex_condition_expression

    @lru_cache(maxsize=_CONDITIONS_MAX)
    def words(expression: str) -> tuple[Any, ...]:
        return tuple(original(parser(expression, None, None)))

    def _lex_condition_expression(self: Any) -> deque[Any]:
        return deque(word._replace(children=[]) for word in words(self.condition_expression))

    parser._lex_condition_expression = _lex_condition_expression


def sending_does_not_count_the_queue(sqs_models: Any) -> None:
    """moto reads every attribute of the queue at each send, counts of all its messages included: quadratic in the queue's length.
    All it wants to know is one that only FIFO queues have."""

    def send_message(self: Any, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        queue = self.get_queue(queue_name)
        queue.BASE_ATTRIBUTES = []
        try:
            return original(self, queue_name, *args, **kwargs)
        finally:
            del queue.BASE_ATTRIBUTES

    original = sqs_models.SQSBackend.send_message
    sqs_models.SQSBackend.send_message = send_message


def filter_policies_are_checked_before(sns_models: Any) -> None:
    """moto refuses operators that SNS knows; ``sns_topics`` has checked the policy before moto stores it, and delivers by it."""

    def _validate_filter_policy(_self: object, _value: object, scope: str | None) -> None:
        del scope

    sns_models.SNSBackend._validate_filter_policy = _validate_filter_policy


def log_subscriptions_are_ours(logs_models: Any) -> None:
    """``subscription_filters`` delivers what is logged, later and by the rules of the gate."""

    def _send_log_events(_self: object, service: str, destination_arn: str, filter_name: str, log_events: list[Any]) -> None:
        del service, destination_arn, filter_name, log_events

    logs_models.LogStream._send_log_events = _send_log_events


def events_are_not_delivered(events_models: Any) -> None:
    """moto delivers to some kinds of targets inside PutEvents and StartReplay, by no policy; ``event_buses`` does instead."""

    def send_to_targets(_self: object, _original_event: object, transform_input: bool = True) -> None:
        del transform_input

    def replay_events(_self: object, _archive: object) -> None:
        return None

    events_models.Rule.send_to_targets = send_to_targets
    events_models.Replay.replay_events = replay_events


def services_emit_no_events(notifications: Any) -> None:
    """moto's S3 puts an event of its own making on buses when a bucket is created."""

    def nothing(source: str, event_name: str, region: str, resources: Any, detail: Any) -> None:
        del source, event_name, region, resources, detail

    notifications._send_safe_notification = nothing


def queues_are_ours(sqs_models: Any) -> None:
    """moto goes through all messages, and all attributes of the queue, for each message received or deleted."""
    queue_storage.install(sqs_models)


def shards_are_ours(kinesis_models: Any) -> None:
    """moto reads a shard from its beginning each time, keeps records for ever and goes on writing into closed shards."""
    shard_storage.install(kinesis_models)


def access_is_the_gates(authorization: Any) -> None:
    """moto's own IAM enforcement stays off, whatever the environment says."""

    def allow(_self: object, _iam_request_cls: type, _resource: str = "*") -> None:
        return None

    authorization.ActionAuthenticatorMixin._authenticate_and_authorize_action = allow


def objects_stay_in_memory(s3_models: Any) -> None:
    """moto writes an object of more than 5 MB to a file, and reads it from there each time; only much larger ones need that."""
    s3_models.get_s3_default_key_buffer_size = lambda: _OBJECT_BYTES_IN_MEMORY


def other_services_find_our_functions(awslambda_utils: Any) -> None:
    """The one choke point through which moto's services reach a Lambda backend."""
    awslambda_utils.get_backend = backend_for


def functions_are_never_motos(awslambda_models: Any) -> None:
    """Other modules hold this object under names of their own: it changes its class, and docker is out of reach."""
    awslambda_models.lambda_backends.clear()
    awslambda_models.lambda_backends.__class__ = FunctionsElsewhere


def log_patterns_are_ours(logs_models: Any) -> None:
    """moto's FilterLogEvents knows single and quoted terms; the account's filter patterns know all of the syntax."""

    class EventMessageFilter:
        def __init__(self, text: str | None) -> None:
            try:
                self._pattern = compiled(text or "")
            except PatternRefused:
                raise AwsError("InvalidParameterException", "Invalid filter pattern") from None

        def matches(self, message: str) -> bool:
            return self._pattern.matches(message)

    logs_models.EventMessageFilter = EventMessageFilter


def streams_tell_nobody(kinesis_models: Any) -> None:
    """Every put adds four objects to the metrics of moto's CloudWatch, where nobody reads and nothing is dropped."""
    kinesis_models.KinesisBackend._send_stream_metrics = lambda *_arguments, **_named: None


def apis_are_not_intercepted(models: Any) -> None:
    """A deployment registers every method with ``responses``, process-wide and for ever, for clients that use ``requests``; our
    front door executes APIs."""
    models.RestAPI.update_integration_mocks = lambda _self, _stage_name: None


def symmetric_keys_need_no_crypto_library(kms_models: Any) -> None:
    """The page has a stand-in for ``cryptography``, which has no version."""
    if not hasattr(sys.modules["cryptography"], "__version__"):
        browser_kms.install(kms_models, sys.modules["moto.kms.utils"])


SEAMS: tuple[tuple[str, Callable[[Any], None]], ...] = (
    ("moto.core.common_models", models_are_not_tracked),
    ("moto.core.responses", method_names_are_remembered),
    ("moto.core.responses", request_ids_are_ours),
    ("moto.core.utils", time_is_ours),
    ("moto.core.authorization", access_is_the_gates),
    ("moto.awslambda.utils", other_services_find_our_functions),
    ("moto.awslambda.models", functions_are_never_motos),
    ("moto.s3.models", bucket_policies_are_the_gates),
    ("moto.s3.models", objects_are_dropped_quietly),
    ("moto.s3.models", objects_stay_in_memory),
    ("moto.iam.models", managed_policies_are_ours),
    ("moto.iam.models", secrets_are_not_replayed),
    ("moto.dynamodb.comparisons", conditions_are_read_once),
    ("moto.sqs.models", sending_does_not_count_the_queue),
    ("moto.sqs.models", queues_are_ours),
    ("moto.kinesis.models", shards_are_ours),
    ("moto.kinesis.models", streams_tell_nobody),
    ("moto.sns.models", filter_policies_are_checked_before),
    ("moto.events.models", events_are_not_delivered),
    ("moto.events.notifications", services_emit_no_events),
    ("moto.logs.models", log_subscriptions_are_ours),
    ("moto.logs.models", log_patterns_are_ours),
    ("moto.apigateway.models", apis_are_not_intercepted),
    ("moto.kms.models", symmetric_keys_need_no_crypto_library),
)
