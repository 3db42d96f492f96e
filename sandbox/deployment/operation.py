"""One deployment under way: resources made, changed and removed in order, and everything taken back when one fails.

Resources are worked on one after the other (AWS works on several at once), so a run is the same every time. As long as nothing
has to be waited for, the whole deployment happens within the call that began it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from sandbox.deployment.dynamic import resolve_dynamic
from sandbox.deployment.journal import Journal
from sandbox.deployment.kind import Steps, Work
from sandbox.deployment.plan import Plan, kind_of
from sandbox.deployment.runner import Caller, Runner
from sandbox.deployment.stack import Resource, Stack
from sandbox.deployment.turn import Done, Turn
from sandbox.errors import AwsError
from sandbox.ids import Ids

_KEPT = ("Retain", "Snapshot")
# Making one that is there already is no error for these services, so CloudFormation has to look itself.
_TAKEN_AS_MADE = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Events::Rule")


class Desk:
    """What every operation needs. ``lent`` is what kinds that wait for something outside are given."""

    def __init__(self, runner: Runner, journal: Journal, ids: Ids, lent: Any) -> None:
        self.runner = runner
        self.journal = journal
        self.ids = ids
        self.lent = lent


class Operation:
    """Base: a stack, who deploys, and how one resource is worked on."""

    def __init__(self, desk: Desk, stack: Stack, caller: Caller) -> None:
        self.desk = desk
        self.stack = stack
        self.caller = caller

    def say(self, status: str, reason: str = "") -> None:
        self.desk.journal.stack(self.stack, status, reason, self.caller.cause)

    def tell(self, resource: Resource, status: str, reason: str = "") -> None:
        self.desk.journal.resource(self.stack, resource, status, reason, self.caller.cause)

    def work(self, resource: Resource, properties: dict[str, Any], old: dict[str, Any]) -> Work:
        stack = self.stack
        return Work(
            stack.name,
            stack.id,
            resource.logical_id,
            resource.type,
            stack.account_id,
            stack.region,
            self.desk.ids,
            properties,
            old,
            resource.physical_id,
            resource.attributes,
            stack.tags,
            self.update_policy(resource),
            self.desk.lent,
        )

    def update_policy(self, _resource: Resource) -> dict[str, Any]:
        return {}

    def run(self, steps: Steps, ended: Callable[[str], None]) -> None:
        self.desk.runner.run(steps, self.caller, ended)

    def remove(self, names: list[str], resources: dict[str, Resource], then: Callable[[list[str]], None]) -> None:
        """Delete one after the other; ``then`` is given those that could not be."""
        failed: list[str] = []

        def one(name: str, done: Done) -> None:
            def removed(why: str) -> None:
                if why:
                    failed.append(resources[name].logical_id)
                done(True)  # noqa: FBT003  # the callback's only argument

            self._remove_one(resources[name], removed)

        Turn(names, one, lambda: then(failed)).go()

    def _remove_one(self, resource: Resource, then: Callable[[str], None]) -> None:
        kind = kind_of(resource.type)
        if not resource.physical_id or kind is None:
            self.tell(resource, "DELETE_COMPLETE")
            then("")
            return
        self.tell(resource, "DELETE_IN_PROGRESS")
        work = self.work(resource, resource.properties, resource.properties)

        def ended(why: str) -> None:
            gone = why.endswith("(HandlerErrorCode: NotFound)") or "NonExistent" in why or "does not exist" in why
            if why and not gone:
                self.tell(resource, "DELETE_FAILED", why)
                then(why)
                return
            self.tell(resource, "DELETE_COMPLETE")
            resource.physical_id = ""
            then("")

        self.run(kind.delete(work), ended)


class Deployment(Operation):
    """Create or update. ``creating`` decides the words and what a failure leads to."""

    def __init__(self, desk: Desk, stack: Stack, caller: Caller, plan: Plan, *, creating: bool) -> None:
        super().__init__(desk, stack, caller)
        self.plan = plan
        self.verb = "CREATE" if creating else "UPDATE"
        self.creating = creating
        self.before = {name: deepcopy(resource) for name, resource in stack.resources.items()}
        self.kept_template = (stack.text, stack.template, stack.parameters, stack.outputs, stack.tags, stack.capabilities)
        self.replaced: list[Resource] = []
        self.touched: list[str] = []
        self._attempted: dict[str, dict[str, Any]] = {}

    def update_policy(self, resource: Resource) -> dict[str, Any]:
        return dict(self.plan.scope.resolve(resource.declaration.get("UpdatePolicy") or {}))

    def begin(self) -> None:
        stack, plan = self.stack, self.plan
        self.say(f"{self.verb}_IN_PROGRESS", "User Initiated")
        stack.text, stack.template, stack.parameters = plan.wanted.text, plan.template, plan.parameters
        stack.tags, stack.capabilities, stack.hidden = plan.wanted.tags, plan.wanted.capabilities, plan.hidden
        plan.resources_of = stack.resources
        Turn(plan.order, self._take, self._finish).go()

    def _take(self, name: str, done: Done) -> None:
        def ended(why: str) -> None:
            done(not why)
            if why:
                self._fail(name)

        self._one(name, ended)

    def _one(self, name: str, then: Callable[[str], None]) -> None:
        declared = self.plan.declared[name]
        resource = self.stack.resources.get(name)
        kind = kind_of(str(declared["Type"]))
        try:
            properties = self.plan.properties(name)
        except AwsError as error:
            properties, refusal = {}, str(error.message)
        else:
            refusal = kind.refusal(properties) if kind is not None else ""
        fresh = resource is None or not resource.physical_id or resource.type != declared["Type"]
        if resource is not None and not fresh and not refusal and properties == resource.properties:
            resource.declaration, resource.depends = declared, frozenset(self.plan.depends[name])
            then("")
            return
        if fresh or resource is None or kind is None:
            if resource is not None and resource.physical_id:
                self.replaced.append(resource)
            self._make(name, properties, refusal, then)
        elif not refusal and kind.replaces(resource.properties, properties):
            self.replaced.append(resource)
            self._make(name, properties, refusal, then, replacing=True)
        else:
            self._change(resource, properties, refusal, then)

    def _make(
        self, name: str, properties: dict[str, Any], refusal: str, then: Callable[[str], None], *, replacing: bool = False
    ) -> None:
        declared = self.plan.declared[name]
        made = Resource(name, str(declared["Type"]), properties, declaration=declared, depends=frozenset(self.plan.depends[name]))
        self.stack.resources[name] = made
        self.touched.append(name)
        verb = "UPDATE" if replacing else "CREATE"
        reason = "Requested update requires the creation of a new physical resource; hence creating one." if replacing else ""
        self.tell(made, f"{verb}_IN_PROGRESS", reason)
        kind = kind_of(made.type)
        if refusal or kind is None:
            self.tell(made, f"{verb}_FAILED", refusal)
            then(refusal)
            return
        work = self.work(made, properties, {})
        self.run(self._steps(work, kind.create), lambda why: self._made(made, work, verb, why, then))

    def _made(self, made: Resource, work: Work, verb: str, why: str, then: Callable[[str], None]) -> None:
        made.physical_id, made.attributes = work.physical_id, work.attributes
        holder = self.desk.lent.holder(self.stack, made) if not why and made.type in _TAKEN_AS_MADE else ""
        if holder:
            why, made.physical_id = f"{made.physical_id} already exists in stack {holder}", ""
        if why:
            self.tell(made, f"{verb}_FAILED", why)
        else:
            made.properties = work.properties
            self.tell(made, f"{verb}_IN_PROGRESS", "Resource creation Initiated")
            self.tell(made, f"{verb}_COMPLETE")
        then(why)

    def _change(self, resource: Resource, properties: dict[str, Any], refusal: str, then: Callable[[str], None]) -> None:
        name, kind = resource.logical_id, kind_of(resource.type)
        self.touched.append(name)
        resource.declaration, resource.depends = self.plan.declared[name], frozenset(self.plan.depends[name])
        self.tell(resource, "UPDATE_IN_PROGRESS")
        if refusal or kind is None or kind.update is None:
            self.tell(resource, "UPDATE_FAILED", refusal)
            then(refusal or "cannot be updated")
            return
        self._attempted[name] = properties
        work = self.work(resource, properties, resource.properties)

        def ended(why: str) -> None:
            resource.physical_id, resource.attributes = work.physical_id, work.attributes
            if why:
                self.tell(resource, "UPDATE_FAILED", why)
            else:
                resource.properties = work.properties
                self.tell(resource, "UPDATE_COMPLETE")
            then(why)

        self.run(self._steps(work, kind.update), ended)

    @staticmethod
    def _steps(work: Work, steps: Callable[[Work], Steps]) -> Steps:
        """``{{resolve:…}}`` is looked up first; what is kept is the reference, not the secret."""
        written = work.properties
        work.properties = yield from resolve_dynamic(written)
        yield from steps(work)
        work.properties = written

    # -- the end

    def _finish(self) -> None:
        stack = self.stack
        try:
            stack.outputs = self.plan.outputs()
            self.desk.lent.check_exports(stack)
        except AwsError as error:
            self._fail("", str(error.message))
            return
        if self.creating:
            self.say("CREATE_COMPLETE")
            return
        self.say("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        old = [resource for resource in self.replaced if not _stays(resource, "UpdateReplacePolicy")]
        gone = [stack.resources[name] for name in self.plan.gone]
        doomed = [one for one in reversed(_by_need(gone)) if not _stays(one, "DeletionPolicy")]
        held = {str(index): one for index, one in enumerate([*reversed(old), *doomed])}

        def cleaned(_failed: list[str]) -> None:
            for name in self.plan.gone:
                if _stays(stack.resources[name], "DeletionPolicy"):
                    self.tell(stack.resources[name], "DELETE_SKIPPED")
                del stack.resources[name]
            self.say("UPDATE_COMPLETE")

        self.remove(list(held), held, cleaned)

    def _fail(self, name: str, why: str = "") -> None:
        told = f"The following resource(s) failed to {self.verb.lower()}: [{name}]. " if name else f"{why} "
        if self.stack.on_failure == "DO_NOTHING":
            self.say(f"{self.verb}_FAILED", told.strip())
        elif self.creating:
            self.say("ROLLBACK_IN_PROGRESS", f"{told}Rollback requested by user.")
            self._undo_creation()
        else:
            self.say("UPDATE_ROLLBACK_IN_PROGRESS", told.strip())
            Turn(reversed(self.touched), self._undo_one, self._undone).go()

    def _undo_creation(self) -> None:
        stack = self.stack

        def removed(failed: list[str]) -> None:
            stack.outputs = []
            if failed:
                self.say("ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
            elif stack.on_failure == "DELETE":
                stack.deleted = self.desk.lent.now()
                self.say("DELETE_COMPLETE")
            else:
                self.say("ROLLBACK_COMPLETE")

        self.remove(self._not_retained(reversed(self.touched)), stack.resources, removed)

    def _not_retained(self, names: Iterable[str]) -> list[str]:
        """A rollback keeps what it has made with ``Retain`` (API reference, RetainExceptOnCreate: false by default)."""
        rest = []
        for name in names:
            made = self.stack.resources[name]
            if name not in self.before and made.status == "CREATE_COMPLETE" and _stays(made, "DeletionPolicy"):
                self.tell(made, "DELETE_SKIPPED")
            else:
                rest.append(name)
        return rest

    def _undo_one(self, name: str, done: Done) -> None:
        """What was changed gets its old properties back; what this update made goes later, in the clean-up."""
        now, had = self.stack.resources[name], self.before.get(name)
        kind = kind_of(now.type)
        if had is None or had.physical_id != now.physical_id or kind is None or kind.update is None:
            done(True)  # noqa: FBT003  # the callback's only argument
            return
        reached = now.properties if now.status == "UPDATE_COMPLETE" else {**now.properties, **self._attempted.get(name, {})}
        self.tell(now, "UPDATE_IN_PROGRESS")
        work = self.work(now, had.properties, reached)
        work.update_policy = {}

        def ended(why: str) -> None:
            now.properties, now.declaration = had.properties, had.declaration
            self.tell(now, "UPDATE_FAILED" if why else "UPDATE_COMPLETE", why)
            done(True)  # noqa: FBT003  # the callback's only argument

        self.run(self._steps(work, kind.update), ended)

    def _undone(self) -> None:
        stack = self.stack
        self.say("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        made = {}
        for name in reversed(self.touched):
            had, now = self.before.get(name), stack.resources[name]
            if had is None or had.physical_id != now.physical_id:
                made[name] = now

        def removed(_failed: list[str]) -> None:
            for name in made:
                if name in self.before:
                    stack.resources[name] = self.before[name]
                else:
                    del stack.resources[name]
            stack.text, stack.template, stack.parameters, stack.outputs, stack.tags, stack.capabilities = self.kept_template
            self.say("UPDATE_ROLLBACK_COMPLETE")

        self.remove(self._not_retained(made), made, removed)


class Deletion(Operation):
    """``retain`` names resources to leave alone."""

    def begin(self, retain: list[str]) -> None:
        self.say("DELETE_IN_PROGRESS", "User Initiated")
        stack = self.stack
        doomed = []
        for resource in reversed(_by_need(list(stack.resources.values()))):
            if resource.logical_id in retain or _stays(resource, "DeletionPolicy"):
                self.tell(resource, "DELETE_SKIPPED")
            elif resource.status != "DELETE_COMPLETE":
                doomed.append(resource.logical_id)

        def removed(failed: list[str]) -> None:
            if failed:
                self.say("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
                return
            stack.deleted = self.desk.lent.now()
            stack.outputs = []
            self.say("DELETE_COMPLETE")

        self.remove(doomed, stack.resources, removed)


def _stays(resource: Resource, policy: str) -> bool:
    return resource.declaration.get(policy) in _KEPT


def _by_need(resources: list[Resource]) -> list[Resource]:
    """What others need comes first."""
    held = {resource.logical_id: resource for resource in resources}
    placed: dict[str, Resource] = {}
    while len(placed) < len(held):
        ready = [name for name in held if name not in placed and all(one in placed for one in held[name].depends if one in held)]
        for name in ready or [next(name for name in held if name not in placed)]:
            placed[name] = held[name]
    return list(placed.values())
