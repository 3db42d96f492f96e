"""Mapping templates. Source: API Gateway guide, "Mapping templates", and the Velocity user guide."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.front_door.json_path import select
from sandbox.front_door.velocity import render
from sandbox.front_door.velocity_value import TemplateError

DATA: dict[str, Any] = {"a": {"b": [1, 2, {"c": "x"}]}, "name": "Ann", "n": 3}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain $ and # stay, $1.00", "plain $ and # stay, $1.00"),
        ("$name ${name}! $!nothing|$nothing", "Ann Ann! |$nothing"),
        ("$a.b[2].c $a.b.get(0) $a.b.size()", "x 1 3"),
        ("#if($n > 2 && $name == 'Ann')yes#{else}no#end", "yes"),
        ("#if($n == 1)one#elseif($n == 3)three#else other#end", "three"),
        ("#foreach($i in $a.b)#if($foreach.index < 2)$i#if($foreach.hasNext),#end#end#end", "1,2,"),
        ("#foreach($i in [1..3])$i#end", "123"),
        ("#set($x = $n * 2 + 1)$x #set($y = \"is $x\")$y #set($z = '$x')$z", "7 is 7 $x"),
        ("#set($m = {'k': 1, \"l\": [1, 2]})$m.k $m.l[1] #foreach($k in $m.keySet())$k#end", "1 2 kl"),
        ("## a comment\n#* another *#x", "x"),
        ("$name.toUpperCase().replace('N', 'M') $name.substring(1) $name.length()", "AMM nn 3"),
        ("#if(!$nothing)none#end#if($name)some#end", "nonesome"),
        ("$n.nothing() $a.x.y", "$n.nothing() $a.x.y"),
    ],
)
def test_a_template_renders(template: str, text: str) -> None:
    assert render(template, DATA) == text


@pytest.mark.parametrize("template", ["#if($n)", "#foreach($i in [1])x", "#end", "#set(3 = 4)", "#if($n ==)x#end", "$a.b(["])
def test_a_broken_template_is_an_error(template: str) -> None:
    with pytest.raises(TemplateError):
        render(template, DATA)


def test_a_template_cannot_run_for_ever_or_reach_python() -> None:
    nested = "#foreach($a in [1..5000])#foreach($b in [1..5000])x#end#end"
    with pytest.raises(TemplateError):
        render(nested, {})
    assert render("$name.__class__ $name.class", DATA) == "$name.__class__ $name.class"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DATA),
        ("$.a.b[1]", 2),
        ("$.a.b[-1].c", "x"),
        ("$['name']", "Ann"),
        ("$..c", ["x"]),
        ("$.a.b[*]", DATA["a"]["b"]),
        ("$.none.at.all", None),
        ("name", None),
    ],
)
def test_a_json_path_selects(path: str, value: Any) -> None:
    assert select(DATA, path) == value
