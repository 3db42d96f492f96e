"""Carries deployments out in account time: hooks, traffic, alarms, rollback. Every call is made in the group's service role.

CodeDeploy user guide: "Deployments on an AWS Lambda compute platform", "AppSpec 'hooks' section", "Monitoring deployments with
CloudWatch alarms", "Redeploy and roll back a deployment".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox import facts
from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Done, Errand, Messenger, Sender, compact, in_role
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.rollout.alarm_watch import AlarmWatch
from sandbox.rollout.deployment import Deployment
from sandbox.rollout.notices import Notices
from sandbox.rollout.shift import AppSpecError, Shift, read
from sandbox.telemetry.timeline import Timeline

_NO_MATCH = "The Lambda function alias version does not match the current version in AppSpec file."
_DENIED = (
    "The IAM role {} does not give you permission to perform operations in the following AWS service: {}. Contact your AWS "
    "administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by "
    "creating IAM policies."
)
_ALARM = (
    "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected "
    "deployments have been stopped. Activated alarms: <{}>"
)
_COMPLETED = "An attempt to return the status of an already completed lifecycle event occurred."
_AFTER_HOOK_S = 1.0  # the hook is still running when it reports
_SERVICES = {"lambda": "AWSLambda", "cloudwatch": "AmazonCloudWatch"}
_REFUSED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")

Next = Callable[[], None]
Answered = Callable[[Mapping[str, Any]], None]


class Conductor:
    """``on_end`` hears of every deployment that is over, rollbacks included."""

    def __init__(self, messenger: Messenger, clock: Clock, ids: Ids, timeline: Timeline) -> None:
        self.messenger = messenger
        self.clock = clock
        self.ids = ids
        self.timeline = timeline
        self.notices = Notices(messenger, clock)
        self.on_end: list[Callable[[Deployment], None]] = []
        self.opened: Callable[[Deployment], None] = _nobody
        self._runs: dict[str, Run] = {}

    def start(self, deployment: Deployment, content: str) -> None:
        run = self._runs[deployment.id] = Run(self, deployment)
        run.begin(content)

    def stop(self, deployment: Deployment, roll_back: bool | None) -> None:
        self._runs[deployment.id].stop(roll_back)

    def report(self, deployment: Deployment, execution_id: str, status: str) -> None:
        run = self._runs.get(deployment.id)
        if run is None or execution_id not in run.executions:
            message = f"The lifecycle event hook execution ID {execution_id} is not valid for the deployment."
            raise AwsError("InvalidLifecycleEventHookExecutionIdException", message)
        run.report(execution_id, status)

    def clear(self) -> None:
        self._runs.clear()


class Run:
    """One deployment under way. Whatever comes back after it is over is ignored."""

    def __init__(self, conductor: Conductor, deployment: Deployment) -> None:
        self._conductor = conductor
        self._clock = conductor.clock
        self.deployment = deployment
        self.executions: dict[str, Next] = {}  # hook executions by id: what follows on success
        self._names: dict[str, str] = {}
        self._wait: Timer | None = None
        self._watch = AlarmWatch(self, self._clock)
        self._role: Sender = in_role(deployment.group.role_arn, "CodeDeploy", "codedeploy", deployment.cause)

    # -- the way through

    def begin(self, content: str) -> None:
        deployment = self.deployment
        deployment.status, deployment.started = "InProgress", self._clock.datetime()
        self._say(f"deployment {deployment.id} begins with {deployment.pace.name}")
        self._conductor.notices.tell(deployment, "Start", self._role)
        try:
            deployment.shift = shift = read(content)
        except AppSpecError as error:
            self._fail("INVALID_LAMBDA_CONFIGURATION", str(error))
            return
        self._watch.begin(lambda: self._check_alias(shift))

    def _check_alias(self, shift: Shift) -> None:
        def compare(alias: Mapping[str, Any]) -> None:
            if alias["FunctionVersion"] != shift.current:
                self._fail("INVALID_LAMBDA_CONFIGURATION", str(AppSpecError(_NO_MATCH)))
            else:
                self._hook("BeforeAllowTraffic", lambda: self._allow(shift, 0))

        self._call("lambda", "GetAlias", {"FunctionName": shift.function, "Name": shift.alias}, compare)

    def _allow(self, shift: Shift, step: int) -> None:
        """Move the share of ``step``, then wait for the next."""
        shares = self.deployment.pace.shares()
        percent = shares[step]
        if step == 0:
            self._open("AllowTraffic")

        def moved(_alias: Mapping[str, Any]) -> None:
            self.deployment.weight, self.deployment.touched = percent, self._clock.datetime()
            self._say(f"{percent} % of {shift.function}:{shift.alias} goes to version {shift.target}")
            if percent < 100:
                wait = self.deployment.pace.minutes * 60
                self._wait = self._clock.call_later(wait, lambda: self._allow(shift, step + 1), "codedeploy shifts traffic")
                return
            self._close("AllowTraffic", "Succeeded")
            self._hook("AfterAllowTraffic", self._succeed)

        self._call("lambda", "UpdateAlias", _routed(shift, percent), moved)

    def _hook(self, name: str, then: Next) -> None:
        """Invoke the event's function and wait for what it reports (at most an hour); skipped where there is none."""
        shift = self.deployment.shift
        function = shift.hooks.get(name) if shift else None
        if function is None:
            self._close(name, "Skipped")
            then()
            return
        self._open(name)
        execution = self._conductor.ids.uuid()
        self.executions[execution], self._names[execution] = then, name

        def late() -> None:
            self._hook_failed(name, "it did not report in time")

        self._wait = self._clock.call_later(facts.limit("codedeploy_hook_s"), late, "codedeploy waits for a hook")
        payload = compact({"DeploymentId": self.deployment.id, "LifecycleEventHookExecutionId": execution}).encode()
        params = {"FunctionName": function, "InvocationType": "Event", "Payload": payload}

        def invoked(outcome: Mapping[str, Any] | AwsError) -> None:
            if isinstance(outcome, AwsError) and self.deployment.active and execution in self.executions:
                self._hook_failed(name, str(outcome.message))

        self.send("lambda", "Invoke", params, invoked)

    def report(self, execution: str, status: str) -> None:
        if not self.deployment.active or execution not in self._names:
            raise AwsError("LifecycleEventAlreadyCompletedException", _COMPLETED)
        name = self._names.pop(execution)
        then = self.executions[execution]
        self._stop_waiting()
        if status == "Succeeded":
            self._close(name, "Succeeded")
            self._wait = self._clock.call_later(_AFTER_HOOK_S, then, "codedeploy goes on after a hook")
        else:
            self._hook_failed(name, f"the hook reported {status}")

    def _hook_failed(self, name: str, why: str) -> None:
        self._close(name, "Failed", why)
        message = f"The deployment failed because the {name} lifecycle event hook failed: {why}."
        self._fail("HOOK_EXECUTION_FAILURE", message)

    def _succeed(self) -> None:
        self._end("Succeeded")

    # -- alarms

    def alarm(self, names: list[str]) -> None:
        self._say(f"alarm {', '.join(names)} is in ALARM")
        self._abort("Stopped", "ALARM_ACTIVE", _ALARM.format(", ".join(names)), "DEPLOYMENT_STOP_ON_ALARM")

    # -- the way out

    def stop(self, roll_back: bool | None) -> None:
        message = "The deployment was stopped on request."
        self._abort("Stopped", "MANUAL_STOP", message, "DEPLOYMENT_STOP_ON_REQUEST", roll_back)

    def _fail(self, code: str, message: str) -> None:
        self._abort("Failed", code, message, "DEPLOYMENT_FAILURE")

    def refused(self, service: str, error: AwsError) -> None:
        if error.code in _REFUSED:
            self._fail("IAM_ROLE_PERMISSIONS", _DENIED.format(self.deployment.group.role_arn, _SERVICES[service]))
        elif service == "lambda":
            self._fail("INVALID_LAMBDA_FUNCTION", str(error.message))
        else:
            self._fail("INTERNAL_ERROR", str(error.message))

    def _abort(self, status: str, code: str, message: str, event: str, roll_back: bool | None = None) -> None:
        deployment = self.deployment
        if not deployment.active:
            return
        deployment.error = (code, message)
        for lifecycle in deployment.events.values():
            if lifecycle.status == "InProgress":
                self._close(lifecycle.name, "Failed", message)
            elif lifecycle.status == "Pending":
                lifecycle.status = "Skipped"
        rules = deployment.auto_rollback
        wanted = bool(rules.get("enabled") and event in (rules.get("events") or ())) if roll_back is None else roll_back
        self._end(status, rolls_back=wanted and deployment.creator != "codeDeployRollback")

    def _end(self, status: str, *, rolls_back: bool = False) -> None:
        deployment = self.deployment
        self._stop_waiting()
        self._watch.end()
        deployment.status, deployment.completed = status, self._clock.datetime()
        deployment.touched = deployment.completed
        self._say(f"deployment {deployment.id}: {status}" + (f", {deployment.error[1]}" if deployment.error else ""))
        group = deployment.group
        if status == "Succeeded":
            group.last_successful, group.revision = deployment.last(), deployment.revision
        group.last_attempted = deployment.last()
        if rolls_back:
            self._roll_back()
        self._conductor.notices.tell(deployment, {"Succeeded": "Success", "Failed": "Failure"}.get(status, "Stop"), self._role)
        for hear in self._conductor.on_end:
            hear(deployment)

    def _roll_back(self) -> None:
        """A deployment of its own that points the alias back at once, without hooks."""
        before = self.deployment
        clock, ids = self._clock, self._conductor.ids
        back = Deployment(
            f"d-{ids.base36(9).upper()}",
            before.group,
            before.pace,
            before.group.revision or before.revision,
            clock.datetime(),
            creator="codeDeployRollback",
            description=f"Rollback of {before.id}",
            status="InProgress",
            started=clock.datetime(),
            cause=before.cause,
        )
        before.rollback = {"rollbackDeploymentId": back.id, "rollbackMessage": "Created the rollback deployment."}
        back.rollback = {"rollbackTriggeringDeploymentId": before.id, "rollbackMessage": "Rolled back to the version before."}
        self._conductor.opened(back)
        if before.shift is None:
            Run(self._conductor, back)._end("Succeeded")
            return
        forward = before.shift
        back.shift = Shift(forward.function, forward.alias, forward.target, forward.current)
        Run(self._conductor, back).return_to(forward)
        self._conductor.notices.tell(before, "Rollback", self._role)

    def return_to(self, forward: Shift) -> None:
        self._close("BeforeAllowTraffic", "Skipped")
        self._close("AfterAllowTraffic", "Skipped")
        self._open("AllowTraffic")

        def returned(_alias: Mapping[str, Any]) -> None:
            self.deployment.weight = 100
            self._close("AllowTraffic", "Succeeded")
            self._say(f"{forward.function}:{forward.alias} is back at version {forward.current}")
            self._end("Succeeded")

        self._call("lambda", "UpdateAlias", _routed(forward, 0), returned)

    # -- small steps

    def _call(self, service: str, operation: str, params: Mapping[str, Any], then: Answered) -> None:
        def answered(outcome: Mapping[str, Any] | AwsError) -> None:
            if not self.deployment.active:
                return
            if isinstance(outcome, AwsError):
                self.refused(service, outcome)
            else:
                then(outcome)

        self.send(service, operation, params, answered)

    def send(self, service: str, operation: str, params: Mapping[str, Any], done: Done) -> None:
        group, sender = self.deployment.group, self._role
        where, cause = (group.account_id, group.region), self.deployment.cause
        errand = Errand(sender.principal, service, operation, params, *where, source="codedeploy", cause=cause)
        self._conductor.messenger.send(errand, done)

    def _open(self, name: str) -> None:
        event = self.deployment.events[name]
        event.status, event.started = "InProgress", self._clock.datetime()

    def _close(self, name: str, status: str, message: str = "") -> None:
        event = self.deployment.events[name]
        event.status, event.message, event.ended = status, message, self._clock.datetime()

    def _stop_waiting(self) -> None:
        if self._wait is not None:
            self._wait.cancel()
            self._wait = None

    def _say(self, title: str) -> None:
        deployment = self.deployment
        timeline = self._conductor.timeline
        timeline.add("codedeploy", title, cause=deployment.cause, deployment=deployment.id, status=deployment.status)


def _routed(shift: Shift, percent: int) -> dict[str, Any]:
    """UpdateAlias so that the target has ``percent`` of the traffic."""
    version = shift.target if percent == 100 else shift.current
    weights = {shift.target: percent / 100} if 0 < percent < 100 else {}
    routing = {"AdditionalVersionWeights": weights}
    return {"FunctionName": shift.function, "Name": shift.alias, "FunctionVersion": version, "RoutingConfig": routing}


def _nobody(_deployment: Deployment) -> None:
    """Until the API keeps the books, nobody needs to know."""
