"""From a stream of bytes to two smaller images, limits first."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError


class NotAnImage(Exception):
    """Not one of the formats, broken, or larger than allowed."""


@dataclass(frozen=True)
class Sizes:
    thumbnail: int
    preview: int
    object_bytes: int
    pixels: int


@dataclass(frozen=True)
class Pictures:
    width: int
    height: int
    thumbnail: bytes
    preview: bytes

    @classmethod
    def of(cls, body, length, sizes):
        """Raises NotAnImage before anything is decoded when the object is too large."""
        if length > sizes.object_bytes:
            raise NotAnImage(f"{length} bytes, {sizes.object_bytes} are allowed")
        Image.MAX_IMAGE_PIXELS = 2 * sizes.pixels
        try:
            image = Image.open(BytesIO(body.read()), formats=["JPEG", "PNG", "WEBP", "GIF"])
            stored = image.size
            if stored[0] * stored[1] > sizes.pixels:
                raise NotAnImage(f"{stored[0]} x {stored[1]} pixels, {sizes.pixels} are allowed")
            image.draft("RGB", (4 * sizes.preview, 4 * sizes.preview))
            image.load()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise NotAnImage(str(error)) from error
        turned = image.getexif().get(0x0112, 1) >= 5
        width, height = reversed(stored) if turned else stored
        flat = ImageOps.exif_transpose(image).convert("RGBA")
        return cls(
            width,
            height,
            cls._encoded(cls._fitted(flat, width, height, sizes.thumbnail), "WEBP"),
            cls._encoded(cls._on_white(cls._fitted(flat, width, height, sizes.preview)), "JPEG"),
        )

    @staticmethod
    def _fitted(image, width, height, side):
        longest = max(width, height)
        if longest > side:
            width, height = max(1, round(width * side / longest)), max(1, round(height * side / longest))
        if image.size == (width, height):
            return image
        return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)

    @staticmethod
    def _on_white(image):
        page = Image.new("RGB", image.size, "white")
        page.paste(image, mask=image.getchannel("A"))
        return page

    @staticmethod
    def _encoded(image, file_format):
        plain = Image.frombytes(image.mode, image.size, image.tobytes())  # pixels alone, no metadata
        buffer = BytesIO()
        plain.save(buffer, file_format, quality=82)
        return buffer.getvalue()
