from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.worker import frames

some_frames = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=300)), max_size=8)


@given(some_frames, st.integers(1, 50))
def test_frames_come_out_whole_however_the_bytes_arrive(sent, step):
    data = b"".join(frames.pack(kind, body) for kind, body in sent)
    reader = frames.FrameReader(1000)
    got = [frame for start in range(0, len(data), step) for frame in reader.feed(data[start : start + step])]
    assert got == sent


def test_a_frame_beyond_the_bound_is_refused_before_it_is_read():
    with pytest.raises(frames.FrameError, match="11 bytes; 10 were agreed"):
        list(frames.FrameReader(10).feed(frames.HEAD.pack(1, 11) + b"x"))


def test_a_bound_holds_for_a_frame_that_comes_in_one_read():
    with pytest.raises(frames.FrameError):
        list(frames.FrameReader(10).feed(frames.pack(1, bytes(11))))


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1), st.binary())
def test_an_event_keeps_its_fields_and_payload(fields, payload):
    _, body = next(iter(frames.FrameReader(1 << 20).feed(frames.pack_event(tuple(fields), payload))))
    assert frames.unpack_event(body) == (fields, payload)
