"""The guardrails: what every boto3 client of this interpreter does before a request leaves and after an answer comes.

They keep a learner from accidents in an account of their own; they are no prison. What holds even against other programs is the
policy of the learner's user (``./course aws policy``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import botocore.session

from autograder.lab import Lab
from courseware.aws.kinds import MAKES, Clients, Kind
from courseware.aws.openness import openings
from courseware.aws.run import Entry, Run
from courseware.aws.tags import tag_member, tagged
from courseware.aws.templates import fixed_names
from courseware.aws.values import changed, every_text
from courseware.aws.verbs import verdict
from courseware.aws.whose import refuse_strange_endpoint
from courseware.errors import LearnerError

_EVERYWHERE = frozenset({"iam", "sts", "s3", "resourcegroupstaggingapi"})  # services whose clients may name another Region
_plain = ContextVar("plain", default=False)
_BUCKET = "course-bucket"
_ROLE_ATTEMPTS_MAX = 8
_ROLE_WAIT_S = 3


class Guard:
    """One run of one lab: whose clients, which names, what is written down before it is done."""

    def __init__(self, run: Run, lab: Lab) -> None:
        self._run = run
        self._names = run.names(lab)
        self._seen = 0

    @contextmanager
    def installed(self) -> Iterator[None]:
        """While it is open, every client made in this interpreter is watched, whichever session makes it."""
        original = botocore.session.Session.create_client

        def create_client(session: Any, service_name: str, *args: Any, **options: Any) -> Any:
            client = original(session, service_name, *args, **options)
            if not _plain.get():
                self._watch(client, partial(_account_of, original, session, options))
            return client

        botocore.session.Session.create_client = create_client  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            botocore.session.Session.create_client = original  # type: ignore[method-assign]

    def _watch(self, client: Any, account_of: Callable[[], tuple[str, str]]) -> None:
        events = client.meta.events
        # As exact as can be and first, because botocore takes the first answer, and a DynamoDB resource has one too.
        events.register_first("provide-client-params.*.*", partial(self._before, client, account_of))
        events.register("after-call", partial(self._after, client))
        if client.meta.service_model.service_name == "lambda":
            events.register("needs-retry.lambda.CreateFunction", wait_for_the_role)

    # -- before

    def _before(
        self, client: Any, account_of: Any, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        self._refuse_stranger(client, account_of)
        service, operation = model.service_model.service_name, model.name
        judged = verdict(service, operation)
        if judged == "unknown":
            raise LearnerError(
                f"{service} {operation} is not done on a real account: the course could not take back what it makes"
            )
        self._learn()
        wanted: dict[str, Any] = changed(dict(params), model.input_shape, self._names.outward) if params else {}
        if judged == "make":
            wanted = self._making(MAKES[service, operation], operation, model, wanted)
        if (service, operation) == ("s3", "CreateBucket"):
            context[_BUCKET] = wanted["Bucket"]
        if judged != "read":
            self._opening(service, operation, wanted)
        return wanted

    def _refuse_stranger(self, client: Any, account_of: Callable[[], tuple[str, str]]) -> None:
        refuse_strange_endpoint(client.meta.endpoint_url)
        service, region = client.meta.service_model.service_name, client.meta.region_name
        if region != self._run.region and service not in _EVERYWHERE:
            raise LearnerError(f"this lab runs in {self._run.region}; a client of {service} is made for {region}")
        key, account = account_of()
        if account != self._run.account_id:
            raise LearnerError(f"a client's key ({key[:4]}…) is of account {account}; this lab stays in {self._run.account_id}")

    def _making(self, kind: Kind, operation: str, model: Any, params: dict[str, Any]) -> dict[str, Any]:
        member = kind.creates[operation]
        name = ""
        if member:
            if not params.get(member):
                raise LearnerError(f"give the {kind.name} a name ({member}): what has none cannot be told from other people's")
            name = params[member] = self._names.real(params[member])
        for fixed in fixed_names(str(params.get("TemplateBody", ""))):
            if self._run.prefix not in fixed:
                raise LearnerError(
                    f"the template fixes the name {fixed!r}: leave it out, and CloudFormation makes one of the stack's"
                )
        holder = tag_member(model)
        self._run.journal.write(Entry("making", kind.name, self._names.inward(name), {"tagged": holder is not None}))
        return tagged(params, holder, self._run.tags) if holder is not None else params

    def _opening(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        for opening in openings(service, operation, params):
            if not self._run.may_open:
                raise LearnerError(
                    f"{opening.what}: on a real account that needs an end time. "
                    f"./course aws start {self._run.lab} --public-for 30m, then run this again"
                )
            close = {"service": opening.service, "call": opening.call, "params": opening.params, "remove": opening.remove}
            self._run.journal.write(Entry("opening", service, opening.what, close))

    def _learn(self) -> None:
        """Another process of the same lab may have made something since: the checks look at what the cells made."""
        size = self._run.journal.size()
        if size != self._seen:
            self._names.learn(entry.name for entry in self._run.journal if entry.event == "making")
            self._seen = size

    # -- after

    def _after(self, client: Any, parsed: dict[str, Any], context: Mapping[str, Any], **_: Any) -> None:
        if _BUCKET in context and "Error" not in parsed:
            # S3 takes tags for a bucket that is there; until then its name and the journal speak for it.
            tags = [{"Key": key, "Value": value} for key, value in self._run.tags.items()]
            client.put_bucket_tagging(Bucket=context[_BUCKET], Tagging={"TagSet": tags})
        for name, value in parsed.items():
            if name != "ResponseMetadata":
                parsed[name] = every_text(value, self._names.inward)


def wait_for_the_role(response: Any, attempts: int, **_: Any) -> int | None:
    """Seconds to wait before ``CreateFunction`` is tried again: a new role takes a while until Lambda sees it."""
    error = response[1].get("Error", {}) if response else {}
    young = "cannot be assumed by Lambda" in error.get("Message", "")
    return _ROLE_WAIT_S if young and attempts < _ROLE_ATTEMPTS_MAX else None


def plain_clients(run: Run, session: Any) -> Clients:
    """Unwatched clients, for what the course does itself: looking, taking back, cleaning up."""
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            token = _plain.set(True)
            try:
                made[service] = session.client(service, region_name=run.region)
            finally:
                _plain.reset(token)
            refuse_strange_endpoint(made[service].meta.endpoint_url)
        return made[service]

    return client


_ACCOUNTS: dict[str, str] = {}


def _account_of(create_client: Any, session: Any, options: Mapping[str, Any]) -> tuple[str, str]:
    """The key a client signs with, and the account AWS says it belongs to."""
    key = options.get("aws_access_key_id")
    if not key:
        credentials = session.get_credentials()
        if credentials is None:
            raise LearnerError("there are no AWS credentials here; `aws configure` or `aws sso login`, then once more")
        key = credentials.access_key
    if key not in _ACCOUNTS:
        kept = {name: value for name, value in options.items() if name.startswith("aws_") or name in {"endpoint_url", "verify"}}
        sts = create_client(session, "sts", region_name=options.get("region_name"), **kept)
        refuse_strange_endpoint(sts.meta.endpoint_url)
        _ACCOUNTS[key] = str(sts.get_caller_identity()["Account"])
    return str(key), _ACCOUNTS[key]
