"""Which box submissions run in on this machine: the strongest that passes its self-test, found once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from autograder.errors import AutograderError
from autograder.isolate.bubblewrap import Bubblewrap
from autograder.isolate.landlock import Landlock
from autograder.isolate.self_test import why_not
from autograder.isolate.unsafe import Unsafe
from autograder.isolate.unshare import Unshare
from sandbox.runtime.box import Box, BoxLimits


class NoBoxError(AutograderError):
    """This machine offers nothing that keeps a submission's code in; the message says why and what mends it."""


_BACKENDS: Mapping[str, type[Bubblewrap] | type[Unshare] | type[Landlock]] = {
    "bubblewrap": Bubblewrap,
    "unshare": Unshare,
    "landlock": Landlock,
}
BACKENDS = tuple(_BACKENDS)  # strongest first
_MEND = (
    "Install bubblewrap; on Ubuntu 24.04 allow it namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an "
    "AppArmor profile); in a container allow user namespaces. Or use --allow-unsafe, for submissions of people you trust."
)


def choose(*, allow_unsafe: bool = False, backend: str = "", limits: BoxLimits | None = None) -> Box:
    """The strongest box, or the one named if it holds. NoBoxError if none does; with ``allow_unsafe`` then the box named
    ``none``, which is none.
    """
    limits = limits or BoxLimits()
    if backend == "none" and allow_unsafe:
        return Unsafe(limits=limits)
    names = (backend,) if backend else BACKENDS
    unknown = [name for name in names if name not in _BACKENDS]
    if unknown:
        raise NoBoxError(f"there is no isolation backend {unknown[0]!r}; there are {', '.join(BACKENDS)}")
    reasons = {}
    for name in names:
        reasons[name] = failure(name)
        if not reasons[name]:
            return _BACKENDS[name](limits=limits)
    if allow_unsafe:
        return Unsafe(limits=limits)
    told = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    raise NoBoxError(f"code of submissions cannot be boxed on this machine ({told}). {_MEND}")


@lru_cache(maxsize=len(BACKENDS))
def failure(name: str) -> str:
    """Why a backend cannot be used here, empty if it can. The self-test takes a fraction of a second, so it is made once."""
    return why_not(_BACKENDS[name]())
