"""The ``Transform`` section: SAM through AWS's own translator, and the language extensions, whose functions are built in."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from sandbox.deployment.template import Template, invalid, transforms

SAM = "AWS::Serverless-2016-10-31"
_KNOWN = frozenset({SAM, "AWS::LanguageExtensions"})
_TAG = re.compile(r"</?[a-z]+>")

ManagedPolicies = Callable[[], dict[str, str]]
"""Names of AWS's managed policies and their ARNs."""


class _Session:
    """Stands for the boto3 session the translator asks for a Region; a child or a page has none configured."""

    def __init__(self, region: str) -> None:
        self.region_name = region


def transformer(policies: ManagedPolicies) -> Callable[[Template, Mapping[str, Any]], Template]:
    """The transform of an account. It raises ValidationError in AWS's words."""

    def transformed(template: Template, known: Mapping[str, Any]) -> Template:
        names = transforms(template)
        unknown = [name for name in names if name not in _KNOWN]
        if unknown:
            raise invalid(f"No transform named {known['AWS::AccountId']}::{unknown[0]} found.")
        return _serverless(template, known, policies) if SAM in names else template

    return transformed


def _serverless(template: Template, known: Mapping[str, Any], policies: ManagedPolicies) -> Template:
    """The translator costs seconds to import, so it is imported when a template asks for it."""
    try:
        with _schema_library():
            translators = import_module("samtranslator.translator.translator")
            parsers = import_module("samtranslator.parser.parser")
            errors = import_module("samtranslator.model.exceptions")
    except ModuleNotFoundError as error:
        raise invalid(f"Transform {SAM} needs the package aws-sam-translator, which is not here ({error.name})") from error
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it warns about feature flags of AWS's own
    _check_templates_once(translators)
    values = {name: value for name, value in known.items() if not name.startswith("AWS::") or name == "AWS::Region"}
    translator = translators.Translator(None, parsers.Parser(), boto_session=_Session(known["AWS::Region"]))
    try:
        made: Template = translator.translate(deepcopy(template), parameter_values=values, get_managed_policy_map=policies)
    except errors.InvalidDocumentException as error:
        said = " ".join([str(error.message), *(str(cause.message) for cause in error.causes)])
        raise invalid(f"Transform {SAM} failed with: {_TAG.sub('', said)}") from error
    made.pop("Transform", None)
    return made


def _check_templates_once(translators: Any) -> None:
    """The translator reads its policy templates and checks them against their schema at every translation: more than all the
    rest of it costs. What it makes of them keeps nothing of a template it was used on."""
    if not hasattr(translators.make_policy_template_for_function_plugin, "cache_info"):
        translators.make_policy_template_for_function_plugin = cache(translators.make_policy_template_for_function_plugin)


@contextmanager
def _schema_library() -> Iterator[None]:
    """The translator checks the policy templates it ships against their schema. ``jsonschema`` has a compiled part and so is
    not in a page: there that one file of the translator's own goes unchecked, and nobody else sees the stand-in."""
    try:
        import_module("jsonschema")
    except ModuleNotFoundError:
        library, exceptions = ModuleType("jsonschema"), ModuleType("jsonschema.exceptions")
        library.__dict__["validate"] = lambda *_given: None
        exceptions.__dict__["ValidationError"] = ValueError
        sys.modules |= {"jsonschema": library, "jsonschema.exceptions": exceptions}
        try:
            yield
        finally:
            del sys.modules["jsonschema"], sys.modules["jsonschema.exceptions"]
    else:
        yield
