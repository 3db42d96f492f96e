"""Explorers as widgets: inputs are traits, wrong names and values are refused with the right ones."""

from __future__ import annotations

import json

import pytest
import traitlets

from courseware import explorers
from courseware.errors import LearnerError
from tests.courseware.web.models import NAMES, answers


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """What `./course build` would have packed."""
    built = {
        answer["name"]: {
            "inputs": [{**row, "options": row.get("options") and [key for key, _ in row["options"]]} for row in answer["inputs"]],
            "sentence": answer["sentence"],
        }
        for answer in answers(*[(name, {}) for name in NAMES])
    }
    (tmp_path / "built.json").write_text(json.dumps(built), "utf-8")
    (tmp_path / "explorer.css").write_text(".explorer {}", "utf-8")
    for name in NAMES:
        (tmp_path / f"{name}.js").write_text(f"// {name}", "utf-8")
    monkeypatch.setattr(explorers, "_PACKED", tmp_path)
    return built


def test_every_model_has_its_widget_with_its_inputs_as_synced_traits(packed):
    widgets = [getattr(explorers, name)() for name in explorers.__all__]
    assert sorted(widget.model_name for widget in widgets) == NAMES
    for widget in widgets:
        state = widget.get_state()
        assert state["_esm"] == f"// {widget.model_name}"
        assert state["inputs"] == [row["id"] for row in packed[widget.model_name]["inputs"]]
        assert {name: state[name] for name in state["inputs"]} == {
            row["id"]: row["value"] for row in packed[widget.model_name]["inputs"]
        }
        assert packed[widget.model_name]["sentence"] in repr(widget)


def test_values_are_given_at_once_or_later_and_heard(packed):
    widget = explorers.ColdStarts(busy_rps=200, arrivals="even")
    heard = []
    widget.observe(lambda change: heard.append(change["new"]), "busy_rps")
    widget.busy_rps = 300
    assert (widget.get_state()["arrivals"], heard) == ("even", [300])


def test_an_unknown_input_is_refused_with_the_names_there_are(packed):
    with pytest.raises(LearnerError, match="no input 'rps'; it has quiet_rps, busy_rps"):
        explorers.ColdStarts(rps=1)


@pytest.mark.parametrize("values", [{"busy_rps": -1}, {"arrivals": "sometimes"}, {"duration_ms": "long"}])
def test_a_value_out_of_bounds_is_refused(packed, values):
    with pytest.raises(traitlets.TraitError):
        explorers.ColdStarts(**values)


def test_unpacked_explorers_name_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(explorers, "_PACKED", tmp_path)
    with pytest.raises(LearnerError, match=r"\./course build"):
        explorers.Canary()
