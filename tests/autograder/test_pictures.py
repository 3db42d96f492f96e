"""Images for scenarios are what they say they are."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageOps

from autograder.pictures import QUADRANTS, alike, animated, colours, padded, picture, plain, transparent


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_picture_is_upright_for_whoever_heeds_its_orientation(orientation: int) -> None:
    data = picture(300, 200, "JPEG", orientation)
    with Image.open(io.BytesIO(data)) as image:
        buffer = io.BytesIO()
        upright = ImageOps.exif_transpose(image)
        upright.save(buffer, "PNG")
    assert upright.size == (300, 200)
    assert alike(colours(buffer.getvalue()), QUADRANTS)
    assert not alike(colours(data), QUADRANTS)


def test_formats_and_frames() -> None:
    assert alike(colours(animated(40, 30)), QUADRANTS)
    with Image.open(io.BytesIO(animated(40, 30))) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("GIF", 2)
        image.seek(1)
        assert image.convert("RGB").getpixel((5, 5)) == (0, 0, 0)
    with Image.open(io.BytesIO(transparent(40, 30))) as image:
        assert image.getpixel((35, 5)) == (0, 0, 0, 0)


def test_padding_changes_the_length_and_not_the_picture() -> None:
    data = padded(picture(40, 30), 100_000)
    assert len(data) == 100_000
    assert alike(colours(data), QUADRANTS)
    assert len(plain(1_000, 1_000, "PNG")) < 20_000
