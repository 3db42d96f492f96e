"""The alarms of an account: evaluated each minute of the account's clock, composite ones whenever an alarm they name changes.

CloudWatch evaluates alarms of a minute's period or longer once a minute, over periods that slide with it; so does this room, for
shorter periods too. The timer is there only while there are metric alarms. What a change sets off is ``on_change``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sandbox.clock import Clock, Timer
from sandbox.errors import AwsError
from sandbox.telemetry import alarm_points, alarm_reason
from sandbox.telemetry.alarm import INITIAL_REASON, STATES, Alarm, Standing, State, stamp
from sandbox.telemetry.alarm_history import History
from sandbox.telemetry.alarm_rule import AlarmRule
from sandbox.telemetry.alarm_verdict import decide
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.timeline import Timeline

EVALUATION_S = 60
_DEPTH_MAX = 10  # of composite alarms over composite alarms that one change goes through


class Change(NamedTuple):
    """An alarm went from one state to another (or was told to); ``entry`` is on the timeline."""

    alarm: Alarm
    old: Standing
    new: Standing
    entry: int


Key = tuple[str, str, str]  # account, region, name
OnChange = Callable[[Change], None]


class Alarms:
    """Names are unique in an account and Region, metric and composite alarms together."""

    def __init__(self, metrics: Metrics, clock: Clock, timeline: Timeline) -> None:
        self._metrics = metrics
        self._clock = clock
        self._timeline = timeline
        self._alarms: dict[Key, Alarm] = {}
        self._rules: dict[Key, AlarmRule] = {}
        self._timer: Timer | None = None
        self.history = History()
        self.on_change: list[OnChange] = []

    def put(self, account_id: str, region: str, params: dict[str, Any]) -> Alarm:
        """Create, or replace the whole configuration of, the alarm ``params["AlarmName"]``; its state survives a replacement."""
        key = (account_id, region, params["AlarmName"])
        now = self._clock.now()
        known = self._alarms.get(key)
        if known is not None and known.composite != ("AlarmRule" in params):
            raise AwsError("ValidationError", "The type of an alarm cannot be changed.")
        rule = AlarmRule(params["AlarmRule"]) if "AlarmRule" in params else None
        if rule is not None:
            self._check_children(key, rule)
            self._rules[key] = rule
        if known is None:
            alarm = Alarm(*key, params, Standing("INSUFFICIENT_DATA", INITIAL_REASON, {}, now), now, now)
            self._alarms[key] = alarm
        else:
            alarm, known.params, known.configured = known, params, now
        self.history.configured(alarm, "updated" if known else "created", now)
        if rule is not None:
            self._judge_composite(alarm, f"{alarm.arn} was {'updated' if known else 'created'} and its alarm rule evaluates to")
        else:
            self._schedule()
        return alarm

    def find(self, account_id: str, region: str, name: str) -> Alarm | None:
        return self._alarms.get((account_id, region, name))

    def of(self, account_id: str, region: str) -> list[Alarm]:
        return [alarm for key, alarm in self._alarms.items() if key[:2] == (account_id, region)]

    def delete(self, alarm: Alarm) -> None:
        key = (alarm.account_id, alarm.region, alarm.name)
        self._alarms.pop(key, None)
        self._rules.pop(key, None)
        self.history.configured(alarm, "deleted", self._clock.now())
        if not any(not other.composite for other in self._alarms.values()) and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def set_state(self, alarm: Alarm, state: State, reason: str, data: dict[str, Any]) -> None:
        """SetAlarmState: for once; the next evaluation says again what is so."""
        self._move(alarm, Standing(state, reason, data, self._clock.now()))

    def parents(self, alarm: Alarm) -> list[Alarm]:
        """Composite alarms whose rule names this one."""
        place = (alarm.account_id, alarm.region)
        return [self._alarms[key] for key, rule in list(self._rules.items()) if key[:2] == place and alarm.name in rule.children]

    def children(self, alarm: Alarm) -> list[str]:
        rule = self._rules.get((alarm.account_id, alarm.region, alarm.name))
        return list(rule.children) if rule is not None else []

    def clear(self) -> None:
        self._alarms.clear()
        self._rules.clear()
        self.history.clear()
        self._timer = None

    def __iter__(self) -> Iterator[Alarm]:
        return iter(list(self._alarms.values()))

    # -- evaluation

    def _schedule(self) -> None:
        if self._timer is None or not self._timer.pending:
            due = (self._clock.now() // EVALUATION_S + 1) * EVALUATION_S
            self._timer = self._clock.call_at(due, self._evaluate_all, "alarms", background=True)

    def _evaluate_all(self) -> None:
        for alarm in list(self._alarms.values()):
            if not alarm.composite:
                self._evaluate(alarm)
        if any(not alarm.composite for alarm in self._alarms.values()):
            self._schedule()

    def _evaluate(self, alarm: Alarm) -> None:
        params, now = alarm.params, self._clock.now()
        try:
            points = alarm_points.points_of(alarm, self._metrics, now)
        except AwsError as error:
            self._broken(alarm, error)
            return
        periods = int(params["EvaluationPeriods"])
        needed = int(params.get("DatapointsToAlarm") or periods)
        verdict = decide(points, periods, needed, params.get("TreatMissingData", "missing"))
        if verdict.state is None or verdict.state == alarm.standing.value or alarm_points.too_few_samples(alarm, verdict.points):
            return
        data = alarm_reason.reason_data(alarm, verdict, points, now)
        self._move(alarm, Standing(verdict.state, alarm_reason.reason(alarm, verdict), data, now))

    def _broken(self, alarm: Alarm, error: AwsError) -> None:
        """An expression that cannot be evaluated leaves an alarm without data, and says why."""
        reason = f"Unable to evaluate the alarm: {error.message}"
        if alarm.standing.reason != reason:
            self._move(alarm, Standing("INSUFFICIENT_DATA", reason, {}, self._clock.now()))

    def _move(self, alarm: Alarm, new: Standing, depth: int = 0, cause: int = 0) -> None:
        old, alarm.standing = alarm.standing, new
        if old.value == new.value:
            return
        alarm.transitioned = new.at
        self.history.moved(alarm, old, new)
        title = f"Alarm {alarm.name}: {old.value} → {new.value}"
        entry = self._timeline.add("alarm", title, cause=cause, reason=new.reason, arn=alarm.arn)
        change = Change(alarm, old, new, entry)
        for tell in self.on_change:
            tell(change)
        if depth < _DEPTH_MAX:
            for parent in self.parents(alarm):
                moment = datetime.fromtimestamp(new.at, UTC)
                when = f"{moment:%A} {moment.day:02d} {moment:%B}, {moment:%Y %H:%M:%S} UTC"
                self._judge_composite(parent, f"{alarm.arn} transitioned to {new.value} at {when}", alarm, depth + 1, entry)

    # -- composite alarms

    def _judge_composite(self, alarm: Alarm, because: str, trigger: Alarm | None = None, depth: int = 0, cause: int = 0) -> None:
        rule = self._rules[alarm.account_id, alarm.region, alarm.name]
        state: State = "ALARM" if rule.holds(lambda name: self._state_of(alarm, name)) else "OK"
        if trigger is None:
            because = f"{because} {state}"
        elif state == alarm.standing.value:
            return
        triggers = [trigger] if trigger is not None else [found for name in rule.children if (found := self._near(alarm, name))]
        data = {
            "triggeringAlarms": [
                {"arn": one.arn, "state": {"value": one.standing.value, "timestamp": stamp(one.standing.at)}} for one in triggers
            ]
        }
        self._move(alarm, Standing(state, because, data, self._clock.now()), depth, cause)

    def _near(self, alarm: Alarm, name: str) -> Alarm | None:
        return self._alarms.get((alarm.account_id, alarm.region, name))

    def _state_of(self, alarm: Alarm, name: str) -> State:
        found = self._near(alarm, name)
        return found.standing.value if found is not None else "INSUFFICIENT_DATA"

    def _check_children(self, key: Key, rule: AlarmRule) -> None:
        missing = [name for name in rule.children if (*key[:2], name) not in self._alarms]
        if missing:
            raise AwsError("ValidationError", f"AlarmRule contains alarms that do not exist: [{', '.join(missing)}]")
        if self._reaches(key, rule, set()):
            raise AwsError("ValidationError", "AlarmRule must not depend on the alarm itself: a cycle was found.")

    def _reaches(self, key: Key, rule: AlarmRule, seen: set[str]) -> bool:
        for name in rule.children:
            if name == key[2]:
                return True
            inner = self._rules.get((*key[:2], name))
            if inner is not None and name not in seen:
                seen.add(name)
                if self._reaches(key, inner, seen):
                    return True
        return False


def state_named(value: str) -> State:
    """ValidationError for anything that is no state."""
    for state in STATES:
        if state == value:
            return state
    problem = f"Value '{value}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set"
    raise AwsError("ValidationError", f"1 validation error detected: {problem}: [INSUFFICIENT_DATA, ALARM, OK]")
