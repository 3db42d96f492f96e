"""boto3 imported ahead of every function, with what every client asks for already known.

Three questions cost a new client most of its time: what the model files say, which services there are, and which handlers take
keyword arguments. The answers found while the fork server makes a first client are remembered for all forks; anything else is
found out as ever. botocore itself shares these objects between the clients of a session; what S3's clients write into theirs
is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_SETTINGS = {"region_name": "us-east-1", "aws_access_key_id": "none", "aws_secret_access_key": "none"}


def load(services: list[str]) -> None:
    """Import boto3 and make one client of each service."""
    # These imports are the purpose; at the top of the file they would burden fork servers that do not want them.
    import boto3.session  # noqa: PLC0415
    from botocore import hooks, loaders  # noqa: PLC0415

    learning = True

    def remembered(original: Callable[..., Any], key_of: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[Any, Any] = {}

        def answer(*arguments: Any, **named: Any) -> Any:
            key = key_of(*arguments, **named)
            if key in known:
                return known[key]
            found = original(*arguments, **named)
            if learning and found is not None:
                known[key] = found
            return found

        return answer

    patches: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
        (loaders.JSONFileLoader, "load_file", lambda _, file_path: file_path),
        (loaders.Loader, "list_available_services", lambda self, type_name: (type_name, *self.search_paths)),
        (hooks, "accepts_kwargs", lambda func: func),
    )
    for where, name, key_of in patches:
        setattr(where, name, remembered(getattr(where, name), key_of))
    for service in services:
        boto3.session.Session().client(service, **_SETTINGS)  # type: ignore[call-overload]
    learning = False
