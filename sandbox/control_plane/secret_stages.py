"""A secret's value is that of the version with ``AWSCURRENT`` (Secrets Manager API reference, GetSecretValue, "VersionStage").

moto moves the label when UpdateSecretVersionStage says so, and goes on reading the version it was on.
"""

from __future__ import annotations

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.http_message import HttpResponse


def install(services: Services) -> None:
    def moved(call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if call.operation != "UpdateSecretVersionStage" or response.status != 200:
            return
        if call.params["VersionStage"] == "AWSCURRENT" and call.params.get("MoveToVersionId"):
            with services.world.entered():
                secret = services.world.backend("secretsmanager", account_id, region).secrets[call.params["SecretId"]]
                secret.set_default_version_id(call.params["MoveToVersionId"])

    services.after.setdefault("secretsmanager", []).append(moved)
