"""Bytes in, two smaller images out. Limits are asked before a pixel is decoded."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and asked below


class NotAnImage(Exception):
    """The object is none of the formats, is broken, or is larger than allowed."""


@dataclass(frozen=True)
class Pictures:
    """``width`` and ``height`` are those of the upright original."""

    width: int
    height: int
    thumbnail: bytes
    preview: bytes


def shrink(data, settings):
    """Raises NotAnImage, whatever is wrong with the bytes."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > settings.pixels_max:
                raise NotAnImage(f"{image.width} x {image.height} pixels are too many")
            width, height = upright_size(image)  # of a PNG all pixels are decoded for it: its EXIF data may follow them
            image.draft("RGB", (2 * settings.preview_side, 2 * settings.preview_side))
            frame = ImageOps.exif_transpose(image)
            frame = frame.convert("RGBA" if frame.has_transparency_data else "RGB")
    except NotAnImage:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds for broken data
        raise NotAnImage(f"cannot be read as an image: {error}") from error
    preview = scaled(frame, width, height, settings.preview_side)
    thumbnail = scaled(preview, width, height, settings.thumbnail_side)
    return Pictures(width, height, saved(thumbnail, "WEBP"), saved(on_white(preview), "JPEG"))


def upright_size(image):
    sideways = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if sideways else image.size


def scaled(frame, width, height, side):
    """Longest side ``side`` at most, never enlarged; counted from the original's size, whatever ``frame`` is."""
    factor = min(1.0, side / max(width, height))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return frame if frame.size == size else frame.resize(size, Image.Resampling.LANCZOS)


def on_white(frame):
    if frame.mode != "RGBA":
        return frame
    white = Image.new("RGBA", frame.size, "white")
    white.alpha_composite(frame)
    return white.convert("RGB")


def saved(frame, file_format):
    """Without any metadata: nothing of the original's ``info`` is passed on."""
    frame.info.clear()
    buffer = io.BytesIO()
    frame.save(buffer, file_format, quality=85)
    return buffer.getvalue()
