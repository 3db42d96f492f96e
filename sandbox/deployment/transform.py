"""The ``Transform`` section: SAM, and the language extensions, which need nothing done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.deployment.template import Template, invalid, transforms

SAM = "AWS::Serverless-2016-10-31"
_KNOWN = frozenset({SAM, "AWS::LanguageExtensions"})


def transformed(template: Template, known: Mapping[str, Any]) -> Template:
    names = transforms(template)
    unknown = [name for name in names if name not in _KNOWN]
    if unknown:
        account = known["AWS::AccountId"]
        raise invalid(f"No transform named {account}::{unknown[0]} found.")
    if SAM not in names:
        return template
    raise invalid(f"Transform {SAM} is not supported by this account yet")
