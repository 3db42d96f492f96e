"""What botocore finds out about services is found out once a process: tests' sessions would each ask again.

Which services there are, their endpoints and how to find one: most of what a new session's first client costs.
Clients of one session share these answers, too; a function's fork server remembers more of them (``warm_boto3``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader


def share_what_is_known() -> None:
    """Until the process ends."""
    JSONFileLoader.load_file = _once(JSONFileLoader.load_file, _path)
    Loader.list_available_services = _once(
        Loader.list_available_services, lambda self, type_name: (type_name, *self.search_paths)
    )


def _path(_loader: JSONFileLoader, file_path: str) -> str | None:
    """None for a service's operations and shapes: S3's clients and moto write into what they were given of these."""
    return None if Path(file_path).name.startswith("service-") else file_path


def _once(original: Callable[..., Any], key_of: Callable[..., Any]) -> Callable[..., Any]:
    """Answers of None are asked for again, and so is what has no key."""
    known: dict[Any, Any] = {}

    def answer(*arguments: Any, **named: Any) -> Any:
        key = key_of(*arguments, **named)
        found = known.get(key)
        if found is None:
            found = original(*arguments, **named)
            if key is not None:
                known[key] = found
        return found

    return answer
