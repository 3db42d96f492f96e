"""Pixels."""

import io

from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = None  # ours is asked first


class Broken(Exception):
    """Trying again will not help."""


def render(data, config):
    """Upright width and height, thumbnail, preview. Broken for whatever cannot be decoded or is too large."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF"))
    except Exception as error:
        raise Broken(f"no image: {error}") from error
    if image.width * image.height > config["pixels_max"]:
        raise Broken(f"{image.width} x {image.height} pixels")
    size = image.size
    try:
        image.draft("RGB", [2 * config["preview_px"]] * 2)
        upright = ImageOps.exif_transpose(image)
        upright.load()
    except Exception as error:
        raise Broken(f"cannot be decoded: {error}") from error
    if (size[0] > size[1]) != (upright.width > upright.height):
        size = size[::-1]
    colours = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
    preview = fit(colours, size, config["preview_px"])
    thumbnail = fit(preview, size, config["thumbnail_px"])
    if preview.mode == "RGBA":
        preview = Image.alpha_composite(Image.new("RGBA", preview.size, "white"), preview).convert("RGB")
    return *size, encode(thumbnail, "WEBP"), encode(preview, "JPEG")


def fit(image, size, side):
    scale = side / max(size)
    if scale >= 1:
        return image if image.size == size else image.resize(size)
    return image.resize([max(1, round(length * scale)) for length in size], Image.Resampling.LANCZOS)


def encode(image, file_format):
    buffer = io.BytesIO()
    image.info = {}
    image.save(buffer, file_format)
    return buffer.getvalue()
