"""From the ``Handler`` setting to a callable, with AWS's refusals (awslambdaric 4.2 ``bootstrap._get_handler``)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from .fault import Fault, ShownPaths

Handler = Callable[[Any, Any], Any]


def load(handler: str, paths: ShownPaths) -> Handler:
    """``pkg/module.function`` or ``pkg.module.function``. A module loaded already (``json``) is not looked for in the package."""
    module_name, dot, function = handler.rpartition(".")
    if not dot:
        message = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise Fault(Fault.MALFORMED_HANDLER, message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault(Fault.BUILT_IN_CONFLICT, f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault(Fault.IMPORT_MODULE, f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        where = f'  File "{paths.shown(error.filename or "")}" Line {error.lineno}\n    {error.text}'
        raise Fault(Fault.SYNTAX, f"Syntax error in module '{module_name}': {error}", [where]) from error
    try:
        found: Handler = getattr(module, function)
    except AttributeError:
        raise Fault(Fault.HANDLER_NOT_FOUND, f"Handler '{function}' missing on module '{module_name}'") from None
    return found
