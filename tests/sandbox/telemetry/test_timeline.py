from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from sandbox.clock import Clock
from sandbox.telemetry.timeline import Timeline

NASTY = '<script>alert("x")</script> & \x00 ]]>'


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(Clock(virtual=True, start=1_800_000_000.0), limit=5)


def test_a_chain_leads_from_the_first_cause_to_the_entry(timeline: Timeline) -> None:
    call = timeline.add("call", "PutObject", bucket="b")
    event = timeline.add("event", "queued", cause=call)
    timeline.add("call", "unrelated")
    retry = timeline.add("retry", "in 60 s", cause=event)
    assert [entry.title for entry in timeline.chain(retry)] == ["PutObject", "queued", "in 60 s"]
    assert timeline.chain(99) == []


def test_old_entries_are_dropped_and_counted_and_ids_run_on(timeline: Timeline) -> None:
    for number in range(8):
        timeline.add("call", str(number))
    assert (len(timeline), timeline.dropped, timeline.total) == (5, 3, 8)
    assert [entry.id for entry in timeline.since(6)] == [7, 8]


def test_entries_are_filtered_by_kind_and_limited(timeline: Timeline) -> None:
    for kind in ("a", "b", "a"):
        timeline.add(kind, kind, n=1)
    assert [entry.id for entry in timeline.since(kind="a")] == [1, 3]
    assert [entry.as_dict()["detail"] for entry in timeline.since(limit=1)] == [{"n": 1}]


def test_the_picture_is_well_formed_self_contained_and_described(timeline: Timeline) -> None:
    first = timeline.add("call", NASTY)
    timeline.add(NASTY, "effect", cause=first, note=NASTY)
    root = ET.fromstring(timeline.render_svg())
    names = {child.tag.split("}")[1] for child in root}
    assert {"title", "desc", "circle", "path"} <= names
    assert root.get("role") == "img"
    assert "2 entries from 2027-01-15 08:00:00.000" in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
    assert "http" not in timeline.render_svg().replace("http://www.w3.org/2000/svg", "")


def test_the_page_escapes_everything_and_says_the_same_in_a_table(timeline: Timeline) -> None:
    first = timeline.add("call", NASTY)
    timeline.add("event", "effect", cause=first, note=NASTY)
    page = timeline.render_html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert '<a href="#tl-1">1</a>' in page
    assert page.count("<tr") == 3
    assert "prefers-color-scheme:dark" in page
    assert "[data-theme=dark]" in page
    assert "//" not in page.replace("http://www.w3.org/2000/svg", "")


def test_left_out_entries_are_mentioned(timeline: Timeline) -> None:
    for number in range(8):
        timeline.add("call", str(number))
    assert "6 earlier entries are left out." in timeline.render_html(entries_max=2)


def test_an_empty_timeline_says_so(timeline: Timeline) -> None:
    ET.fromstring(timeline.render_svg())
    assert "Nothing has happened yet." in timeline.render_html()
