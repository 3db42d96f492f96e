"""Redrive of dead-letter queues: StartMessageMoveTask and its sisters, on the account's clock (SQS API reference).

A moved message is a new one (SQS guide, "Configure a dead-letter queue redrive"): another id, another moment it was sent.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

_PER_SECOND = 500  # SQS API reference: the system optimises up to that many unless the caller says fewer
_TASKS_SHOWN = 10
Result = dict[str, Any]
Moved = Callable[[str, str, str, int], None]
"""Account, region and name of a queue that was given messages, and the timeline entry that asked for it."""


@dataclass(slots=True)
class MoveTask:
    handle: str
    source: str
    destination: str
    per_second: int
    to_move: int
    started_ms: int
    cause: int
    moved: int = 0
    status: str = "RUNNING"

    def shown(self, asked_per_second: bool) -> Result:
        row: Result = {
            "Status": self.status,
            "SourceArn": self.source,
            "ApproximateNumberOfMessagesMoved": self.moved,
            "ApproximateNumberOfMessagesToMove": self.to_move,
            "StartedTimestamp": self.started_ms,
        }
        if self.status == "RUNNING":
            row["TaskHandle"] = self.handle
        if self.destination:
            row["DestinationArn"] = self.destination
        if asked_per_second:
            row["MaxNumberOfMessagesPerSecond"] = self.per_second
        return row


class MessageMoves:
    """``moved`` is told after each portion."""

    def __init__(self, services: Services, moved: Moved) -> None:
        self._services = services
        self._world: World = services.world
        self._clock: Clock = services.world.clock
        self._moved = moved
        self._tasks: dict[str, list[MoveTask]] = {}  # by source, the latest first
        services.override("sqs", "StartMessageMoveTask", self.start)
        services.override("sqs", "ListMessageMoveTasks", self.list_tasks)
        services.override("sqs", "CancelMessageMoveTask", self.cancel)

    def clear(self) -> None:
        self._tasks.clear()

    def start(self, call: ParsedCall, _r: HttpRequest, _a: str, _g: str, _p: Principal | None) -> Result:
        source, destination = str(call.params["SourceArn"]), str(call.params.get("DestinationArn") or "")
        queue = self._queue(source, "SourceArn")
        if destination:
            self._queue(destination, "DestinationArn")
        if not any(other.dead_letter_queue is queue for other in self._queues(source).values()):
            raise AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
        tasks = self._tasks.setdefault(source, [])
        if tasks and tasks[0].status == "RUNNING":
            message = "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
            raise AwsError("InvalidParameterValue", message)
        handle = base64.b64encode(json.dumps({"taskId": self._world.ids.uuid(), "sourceArn": source}).encode()).decode()
        per_second = int(call.params.get("MaxNumberOfMessagesPerSecond") or _PER_SECOND)
        cause = self._services.in_hand.cause if self._services.in_hand else 0
        task = MoveTask(handle, source, destination, per_second, len(queue._messages), int(self._clock.now() * 1000), cause)
        tasks.insert(0, task)
        del tasks[_TASKS_SHOWN:]
        self._clock.call_later(0.0, lambda: self._portion(task), f"move messages of {queue.name}")
        return {"TaskHandle": handle}

    def list_tasks(self, call: ParsedCall, _r: HttpRequest, _a: str, _g: str, _p: Principal | None) -> Result:
        source = str(call.params["SourceArn"])
        self._queue(source, "SourceArn")
        count = int(call.params.get("MaxResults") or 1)
        return {"Results": [task.shown(task.per_second != _PER_SECOND) for task in self._tasks.get(source, ())][:count]}

    def cancel(self, call: ParsedCall, _r: HttpRequest, _a: str, _g: str, _p: Principal | None) -> Result:
        handle = call.params["TaskHandle"]
        for tasks in self._tasks.values():
            for task in tasks:
                if task.handle == handle and task.status == "RUNNING":
                    task.status = "CANCELLED"
                    return {"ApproximateNumberOfMessagesMoved": task.moved}
        raise AwsError("ResourceNotFoundException", "Task does not exist.", 404)

    def _portion(self, task: MoveTask) -> None:
        """One second's worth."""
        if task.status != "RUNNING" or task not in self._tasks.get(task.source, ()):
            return
        with self._world.entered():
            queue = self._queues(task.source).get(Arn.parse(task.source).resource)
            waiting = [] if queue is None else self._movable(queue)
            given = {self._move(queue, message, task) for message in waiting[: task.per_second]} - {""}
        for arn in sorted(given):
            where = Arn.parse(arn)
            self._moved(where.account, where.region, where.resource, task.cause)
        if len(waiting) > task.per_second:
            self._clock.call_later(1.0, lambda: self._portion(task), "move messages")
        elif task.status == "RUNNING":
            task.status = "COMPLETED"

    def _movable(self, queue: Any) -> list[Any]:
        now_ms = self._clock.now() * 1000.0
        return [message for message in queue._messages if message.visible_at < now_ms]

    def _move(self, queue: Any, message: Any, task: MoveTask) -> str:
        destination: str = task.destination or message.__dict__.get("dead_letter_source") or self._first_source(queue)
        if not destination:
            task.status = "FAILED"  # no queue sends its dead letters here any more
            return ""
        where = Arn.parse(destination)
        backend = self._world.backend("sqs", where.account, where.region)
        backend.send_message(
            where.resource,
            message.body,
            message.message_attributes,
            0 if message.group_id is None else None,
            message.deduplication_id and self._world.ids.uuid(),  # a redrive is no duplicate
            message.group_id,
            message.system_attributes,
        )
        queue._messages.remove(message)
        task.moved += 1
        return destination

    def _first_source(self, queue: Any) -> str:
        return next(str(other.queue_arn) for other in self._queues(queue.queue_arn).values() if other.dead_letter_queue is queue)

    def _queues(self, arn: str) -> dict[str, Any]:
        where = Arn.parse(arn)
        found: dict[str, Any] = self._world.backend("sqs", where.account, where.region).queues
        return found

    def _queue(self, arn: str, member: str) -> Any:
        try:
            found = self._queues(arn).get(Arn.parse(arn).resource)
        except ValueError:
            raise AwsError("InvalidParameterValue", f"You must use this format to specify the {member}: arn:aws:sqs:…") from None
        if found is None:
            message = f"The resource that you specified for the {member} parameter doesn't exist."
            raise AwsError("ResourceNotFoundException", message, 404)
        return found
