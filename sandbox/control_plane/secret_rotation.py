"""RotateSecret and CancelRotateSecret; moto keeps secrets, versions and labels, and rotates nothing.

Sources: API reference, RotateSecret, CancelRotateSecret, PutSecretValue; user guide, "Troubleshoot rotation". The words of
refusals are AWS's where they are known: terraform-provider-aws, internal/service/secretsmanager; localstack's tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.delivery.errand import Errand, as_service
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal
from sandbox.triggers.rotation_window import RulesRefused, Window, check, days_between
from sandbox.triggers.secret_rotation import SERVICE, Rotation, Rotations

PENDING, CURRENT = "AWSPENDING", "AWSCURRENT"
Result = dict[str, Any]
May = Callable[[Errand], AwsError | None]


class MotoSecrets:
    """Implements ``sandbox.triggers.secret_rotation.RotationState``. Rules stand on moto's own objects, so a reset takes them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def secret(self, account_id: str, region: str, name: str) -> Any:
        """moto's secret by its name or ARN; raises ResourceNotFoundException."""
        with self._world.entered():
            found = self._world.backend("secretsmanager", account_id, region).secrets
            if name not in found:
                raise AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
            return found[name]

    def rotation(self, arn: str) -> Rotation | None:
        row = self._row(arn)
        if row is None or row.is_deleted() or not row.rotation_lambda_arn:
            return None
        rules = dict(getattr(row, "rotation_rules", {}))
        return Rotation(row.arn, row.name, row.account_id, row.rotation_lambda_arn, rules, bool(row.rotation_enabled))

    def pending(self, arn: str) -> str:
        row = self._row(arn)
        held = row.versions.items() if row is not None else ()
        return next((name for name, one in held if PENDING in (labels := one["version_stages"]) and CURRENT not in labels), "")

    def labels(self, arn: str, version: str) -> list[str]:
        row = self._row(arn)
        return list(row.versions.get(version, {}).get("version_stages", ())) if row is not None else []

    def stage(self, arn: str, version: str) -> None:
        """The version is there before it has a value (API reference, DescribeSecret, "VersionIdsToStages")."""
        row = self._row(arn)
        if row is not None and version not in row.versions:
            row.remove_version_stages_from_old_versions([PENDING])
            made = int(self._world.clock.now())
            row.versions[version] = {"createdate": made, "version_id": version, "version_stages": [PENDING]}

    def unstage(self, arn: str, version: str) -> None:
        labels = self._row(arn).versions.get(version, {}).get("version_stages", []) if self._row(arn) is not None else []
        if PENDING in labels:
            labels.remove(PENDING)

    def lend(self, arn: str, version: str) -> None:
        """Give a version that is only tested the current value."""
        row = self._row(arn)
        if row is not None:
            held = row.versions.get(row.default_version_id, {})
            row.versions[version] |= {key: held[key] for key in ("secret_string", "secret_binary") if key in held}

    def schedule(self, arn: str, window: Window | None) -> None:
        row = self._row(arn)
        if row is not None:
            row.next_rotation_date = int(window.latest) if window is not None else None

    def rotated(self, arn: str, at: float) -> None:
        row = self._row(arn)
        if row is not None:
            row.last_rotation_date = int(at)

    def _row(self, arn: str) -> Any:
        where = Arn.parse(arn)
        with self._world.entered():
            rows = dict.values(self._world.backend("secretsmanager", where.account, where.region).secrets)
            return next((row for row in rows if row.arn == arn and hasattr(row, "rotation_lambda_arn")), None)


class SecretRotation:
    """``exists`` knows functions; ``may`` says what an errand would be refused with."""

    def __init__(
        self, services: Services, state: MotoSecrets, rotations: Rotations, may: May, exists: Callable[[str], bool]
    ) -> None:
        self._services = services
        self._state = state
        self._rotations = rotations
        self._may = may
        self._exists = exists
        services.override("secretsmanager", "RotateSecret", self._rotate)
        services.override("secretsmanager", "CancelRotateSecret", self._cancel)
        services.before.setdefault("secretsmanager", []).append(self._before)
        services.after.setdefault("secretsmanager", []).append(self._after)

    def _rotate(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        params, row = call.params, self._open(call, account_id, region)
        function = str(params.get("RotationLambdaARN") or row.rotation_lambda_arn or "")
        rules = params.get("RotationRules")
        self._check(row, function, rules)
        if self._state.pending(row.arn):
            raise AwsError("InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted.")
        row.rotation_requested = row.rotation_enabled = True
        row.rotation_lambda_arn = function
        if rules is not None:
            row.rotation_rules = dict(rules)
        version = str(params.get("ClientRequestToken") or self._services.world.ids.uuid())
        now = self._services.world.clock.now()
        self._rotations.plan(row.arn, float(row.last_rotation_date or now))
        self._state.stage(row.arn, version)
        cause = self._services.in_hand.cause if self._services.in_hand is not None else 0
        if params.get("RotateImmediately", True):
            self._rotations.start(row.arn, version, cause=cause)
            return _answer(row, version)
        self._state.lend(row.arn, version)
        self._rotations.test(row.arn, version, cause=cause)
        return _answer(row, "")

    def _check(self, row: Any, function: str, rules: Any) -> None:
        if not function:
            raise AwsError("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
        try:
            check(rules or {})
        except RulesRefused as error:
            raise AwsError("InvalidParameterException", str(error)) from None
        if not self._exists(function):
            raise AwsError("ResourceNotFoundException", "Lambda does not exist or could not be accessed")
        errand = as_service(SERVICE, row.arn, row.account_id, "secretsmanager").to_function(function, b"", "RequestResponse")
        if self._may(errand) is not None:
            raise AwsError(
                "AccessDeniedException",
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to "
                f"the principal {SERVICE}.",
            )

    def _cancel(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        row = self._open(call, account_id, region)
        if not row.rotation_lambda_arn:
            raise AwsError(
                "InvalidRequestException",
                "You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured and you "
                "didn't include such an ARN as a parameter in this call.",
            )
        row.rotation_enabled, row.next_rotation_date = False, None
        self._rotations.cancel(row.arn)
        return _answer(row, self._state.pending(row.arn))

    def _open(self, call: ParsedCall, account_id: str, region: str) -> Any:
        """The secret a call names, which must be one that can be changed."""
        row = self._state.secret(account_id, region, str(call.params["SecretId"]))
        if not hasattr(row, "rotation_lambda_arn"):
            raise AwsError(
                "InvalidParameterException",
                "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
            )
        if row.is_deleted():
            raise AwsError(
                "InvalidRequestException",
                "You tried to perform the operation on a secret that's currently marked deleted.",
            )
        return row

    def _before(self, call: ParsedCall, account_id: str, region: str) -> None:
        """A version's value is never changed, a pending one's neither (API reference, PutSecretValue, ClientRequestToken)."""
        token, params = str(call.params.get("ClientRequestToken") or ""), call.params
        if call.operation not in ("PutSecretValue", "UpdateSecret") or not token:
            return
        row = self._state.secret(account_id, region, str(params["SecretId"]))
        held = row.versions.get(token, {})
        for given, kept in (("SecretString", "secret_string"), ("SecretBinary", "secret_binary")):
            if kept in held and params.get(given) is not None and params[given] != held[kept]:
                raise AwsError(
                    "ResourceExistsException",
                    f"You can't use ClientRequestToken {token} because that value is already in use for a version of secret "
                    f"{row.arn}.",
                )

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status != 200:
            return
        if call.operation in ("DescribeSecret", "ListSecrets"):
            self._show(response)
        elif call.operation == "PutSecretValue" or (call.operation == "UpdateSecret" and _has_value(call)):
            self._written(call, account_id, region)

    def _written(self, call: ParsedCall, account_id: str, region: str) -> None:
        """A new current value written by hand counts as a rotation, and ends the one under way ("RotationAbandoned")."""
        row = self._state.secret(account_id, region, str(call.params["SecretId"]))
        version = self._state.pending(row.arn)
        if CURRENT not in (call.params.get("VersionStages") or [CURRENT]) or self._state.rotation(row.arn) is None:
            return
        if version:
            self._rotations.abandon(row.arn, version, "a new version was written")
        if row.rotation_enabled:
            self._rotations.plan(row.arn, self._services.world.clock.now())

    def _show(self, response: HttpResponse) -> None:
        """The schedule as it was given, which moto knows as a number of days only."""
        body = json.loads(response.body)
        for shown in body.get("SecretList", [body]):
            arn = str(shown.get("ARN"))
            rotation = self._state.rotation(arn)
            if rotation is None or "RotationRules" not in shown:
                continue
            rules = {key: rotation.rules[key] for key in ("ScheduleExpression", "Duration") if rotation.rules.get(key)}
            days = days_between(rotation.rules, self._services.world.clock.now())
            shown["RotationRules"] = {**({"AutomaticallyAfterDays": days} if days else {}), **rules}
            if not rotation.enabled:
                shown["LastRotatedDate"] = shown["NextRotationDate"] = None
        response.body = json.dumps(body).encode()


def _has_value(call: ParsedCall) -> bool:
    return call.params.get("SecretString") is not None or call.params.get("SecretBinary") is not None


def _answer(row: Any, version: str) -> Result:
    return {"ARN": row.arn, "Name": row.name, **({"VersionId": version} if version else {})}
