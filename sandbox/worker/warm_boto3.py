"""boto3 imported ahead of every function, with what every client reads already read.

The model files a client needs are parsed once and shared by all forks; botocore itself shares them between the clients of a
session, so nothing of it writes to them.
"""

from __future__ import annotations

from typing import Any

_SETTINGS = {"region_name": "us-east-1", "aws_access_key_id": "none", "aws_secret_access_key": "none"}


def load(services: list[str]) -> None:
    """Import boto3, remember every model file read from now on, and make one client of each service to have its files read."""
    # These imports are the purpose; at the top of the file they would burden fork servers that do not want them.
    import boto3.session  # noqa: PLC0415
    from botocore.loaders import JSONFileLoader  # noqa: PLC0415

    read: dict[str, Any] = {}
    original = JSONFileLoader.load_file

    def load_file(self: Any, file_path: str) -> Any:
        if file_path not in read:
            found = original(self, file_path)
            if found is None:
                return None  # there may be one later
            read[file_path] = found
        return read[file_path]

    JSONFileLoader.load_file = load_file  # type: ignore[method-assign]
    for service in services:
        boto3.session.Session().client(service, **_SETTINGS)  # type: ignore[call-overload]
