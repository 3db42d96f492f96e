"""Images for scenarios, made and not kept: four quadrants of known colours, so that what became of them can be seen.

Everything is cached for the life of the process: the same bytes serve every submission.
"""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

QUADRANTS = ((200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 40))  # top left, top right, bottom left, bottom right
WHITE = (255, 255, 255)
_ORIENTATION, _ARTIST, _DESCRIPTION = 0x0112, 0x013B, 0x010E
_TURNS = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}  # undo the viewer's turn


@cache
def picture(width: int, height: int, file_format: str = "JPEG", orientation: int = 1) -> bytes:
    """``width`` and ``height`` are those of the upright picture; with an ``orientation`` it is stored turned, and says so."""
    image = _quadrants(width, height)
    if orientation != 1:
        image = image.transpose(_TURNS[orientation])
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_ARTIST], exif[_DESCRIPTION] = orientation, "Ada Lovelace", "at home"
    buffer = io.BytesIO()
    image.save(buffer, file_format, exif=exif.tobytes(), quality=90)
    return buffer.getvalue()


@cache
def transparent(width: int, height: int) -> bytes:
    """PNG: the quadrants on the left half, nothing on the right."""
    image = _quadrants(width, height).convert("RGBA")
    image.paste((0, 0, 0, 0), (width // 2, 0, width, height))
    return _saved(image, "PNG")


@cache
def animated(width: int, height: int) -> bytes:
    """GIF of two frames: the quadrants, then black."""
    frames = [_quadrants(width, height).quantize(16), Image.new("RGB", (width, height), "black").quantize(2)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


@cache
def plain(width: int, height: int, file_format: str) -> bytes:
    """One shade of grey: small in bytes, however many pixels it has."""
    return _saved(Image.new("L", (width, height), 128), file_format)


def padded(data: bytes, length: int) -> bytes:
    """The same picture in exactly ``length`` bytes: decoders stop at its end."""
    return data + bytes(length - len(data))


def colours(data: bytes) -> list[tuple[int, int, int]]:
    """What is seen in the middle of the four quadrants."""
    with Image.open(io.BytesIO(data)) as image:
        seen = image.convert("RGB")
    places = [(seen.width * x // 4, seen.height * y // 4) for y in (1, 3) for x in (1, 3)]
    return [_rgb(seen.getpixel(place)) for place in places]


def alike(seen: list[tuple[int, int, int]], expected: tuple[tuple[int, int, int], ...], tolerance: int = 60) -> bool:
    """Lossy formats shift colours a little."""
    pairs = zip(seen, expected, strict=True)
    return all(abs(a - b) <= tolerance for one, other in pairs for a, b in zip(one, other, strict=True))


def _quadrants(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (2, 2))
    for index, colour in enumerate(QUADRANTS):
        image.putpixel((index % 2, index // 2), colour)
    return image.resize((width, height), Image.Resampling.NEAREST)


def _saved(image: Image.Image, file_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format)
    return buffer.getvalue()


def _rgb(pixel: object) -> tuple[int, int, int]:
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])
