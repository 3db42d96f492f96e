"""What a target gets of an event: the event itself, a constant, a part, or a template.

In a template ``<name>`` stands for a value found by its path: as JSON where JSON is expected, bare inside quotation marks
(EventBridge guide, "eb-transform-target-input"). A value that is not in the event is an empty string (localstack/localstack
test_events_inputs.snapshot.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.delivery.errand import compact

Event = Mapping[str, Any]

_PLACEHOLDER = re.compile(r"<([A-Za-z0-9._-]+)>")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['([^']+)'\]")


def text_for(target: Mapping[str, Any], event: Event, rule_arn: str, ingested: str) -> str:
    """The text that is sent to a target (as PutTargets takes it) of a rule; ``ingested`` is when the bus took the event."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath") is not None:
        return compact(at_path(event, str(target["InputPath"])))
    transformer = target.get("InputTransformer")
    if transformer:
        return _filled(transformer, event, rule_arn, ingested)
    return compact(event)


def at_path(document: Any, path: str) -> Any:
    """The value at a JSON path of EventBridge's kind (members and indexes), None where there is none."""
    if path == "$" or not path:
        return document
    found, at = document, 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return None
        at = step.end()
        name, index, quoted = step.groups()
        if index is not None:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
        else:
            key = name if name is not None else quoted
            found = found.get(key) if isinstance(found, Mapping) else None
    return found


def fits(template: str, names: frozenset[str]) -> str:
    """Why PutTargets would refuse a template, or nothing: every placeholder must have a path or be predefined."""
    for name in _PLACEHOLDER.findall(template):
        if name not in names and not name.startswith("aws.events."):
            return f"Invalid InputTemplate for target: InputPath for target id is not defined for <{name}>"
    return ""


def _filled(transformer: Mapping[str, Any], event: Event, rule_arn: str, ingested: str) -> str:
    values = {name: at_path(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rsplit("/", 1)[-1],
        "aws.events.event.ingestion-time": ingested,
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": dict(event),
    }
    template, pieces, at = str(transformer.get("InputTemplate") or ""), list[str](), 0
    for found in _PLACEHOLDER.finditer(template):
        pieces.append(template[at : found.start()])
        pieces.append(_shown(values.get(found[1]), quoted=_inside_quotes("".join(pieces))))
        at = found.end()
    return "".join([*pieces, template[at:]])


def _shown(value: Any, *, quoted: bool) -> str:
    if not quoted:
        return '""' if value is None else compact(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)[1:-1]
    return compact(value).replace('"', "") if isinstance(value, dict | list) else compact(value)


def _inside_quotes(before: str) -> bool:
    """Whether a string is open at the end of this JSON text."""
    return re.sub(r"\\.", "", before).count('"') % 2 == 1
