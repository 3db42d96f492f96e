"""The function makes the images and says so."""

import io
import json

from PIL import Image

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.pictures import QUADRANTS, WHITE, alike, colours

PIXELS_MAX = 16_000_000
PLAIN = ("landscape.jpg", "upright.jpg", "strip.webp", "icon.png", "glass.png", "moving.gif")
AWKWARD = ("trips/2024/a b+c ü€.final.JPG", "50%25 off/.hidden", "v1.2/no-suffix")


@points(4, "function", hint="Write both images under the names the task gives them.", topic="m2-t1")
def test_outputs(evidence, variant):
    with Tally() as tally:
        for name in PLAIN:
            for key in keys(name, variant):
                tally.expect(key in evidence.objects, f"A {kind(name)} was uploaded; there is no {key}.")


@points(4, "function", hint="Keys in S3's events are encoded as in a form, and folders may have dots.", topic="m2-t1")
def test_keys(evidence, variant):
    with Tally() as tally:
        for name in AWKWARD:
            seen = all(key in evidence.objects for key in keys(name, variant))
            tally.expect(seen, f"A key with {trouble(name)} was uploaded; its thumbnail or preview is not where it should be.")


@points(5, "function", hint="Scale by the longest side, round both sides, and leave small images as they are.", topic="m2-t1")
def test_thumbnails(evidence, variant):
    judged(evidence, variant, 0, "WEBP", variant["thumbnail_px"])


@points(4, "function", hint="Paste what is transparent on white before you save a JPEG.", topic="m2-t1")
def test_previews(evidence, variant):
    judged(evidence, variant, 1, "JPEG", variant["preview_px"])


@points(2, "function", hint="Apply the EXIF orientation (ImageOps.exif_transpose) before you scale.", topic="m2-t1")
def test_orientation(evidence, variant):
    made = [evidence.objects[key] for key in keys("upright.jpg", variant) if key in evidence.objects]
    expect(made, "A photograph taken on its side was uploaded; nothing came of it.")
    with Tally() as tally:
        for data in made:
            image = opened(data)
            upright = image is not None and alike(colours(data), QUADRANTS)
            tally.expect(
                upright, "A photograph whose EXIF orientation says 'turned' was uploaded; what was made of it lies on its side."
            )


@points(2, "function", hint="Save a new image: Pillow passes EXIF on when you hand it on.", topic="m7-t6")
def test_metadata(evidence, variant):
    made = [evidence.objects[key] for key in keys("landscape.jpg", variant) if key in evidence.objects]
    expect(made, "A photograph with a name and a place in its metadata was uploaded; nothing came of it.")
    with Tally() as tally:
        for data in made:
            image = opened(data)
            left = image is None or len(image.getexif()) > 0 or "xmp" in image.info or b"Lovelace" in data
            tally.expect(not left, "The photographer's name in the metadata of the original is still in what was made of it.")


@points(4, "function", hint="Publish one JSON object an image, with the attribute status.", topic="m1-t3")
def test_notifications(evidence, variant, traffic):
    told = [(message, document(message)) for message in evidence.during("images", evidence.notifications)]
    with Tally() as tally:
        for name, size in evidence.notes.get("images", {}).items():
            key = f"{variant['incoming']}/{name}"
            if not all(one in evidence.objects for one in keys(name, variant)):
                continue  # lost elsewhere
            mine = [(message, found) for message, found in told if source(found) == (traffic.bucket, key)]
            count = f"{kind(name)}: {len(mine)} notifications named it as their source; one was expected."
            tally.expect(len(mine) == 1, count, part="one")
            for message, found in mine[:1]:
                status = message.attributes.get("status")
                said = f"The message attribute status was {status!r}; 'processed' was expected."
                tally.expect(status == "processed", said, part="status")
                named = json.dumps(found.get("outputs"), ensure_ascii=False)
                complete = all(json.dumps(one, ensure_ascii=False) in named for one in keys(name, variant))
                tally.expect(complete, "The field outputs does not name both keys that were written.", part="outputs")
                seen = [found.get("width"), found.get("height")]
                said = f"{kind(name)}: width and height were {seen}; those of the upright original are {list(size)}."
                tally.expect(seen == list(size), said, part="size")
        tally.expect(told, "No notification arrived on the notification topic.", part="one")


def judged(evidence, variant, which, file_format, side):
    """Format, size and content of the thumbnails (0) or previews (1) that are there."""
    sizes = evidence.notes.get("images", {})
    made = {
        name: evidence.objects[keys(name, variant)[which]] for name in sizes if keys(name, variant)[which] in evidence.objects
    }
    expect(made, "There was none to look at.")
    with Tally() as tally:
        for name, data in made.items():
            image = opened(data)
            sound = image is not None and image.format == file_format
            tally.expect(sound, f"{kind(name)}: what was made of it is no {file_format}.", part="format")
            if image is None:
                continue
            factor = min(1.0, side / max(sizes[name]))
            wanted = [max(1, round(length * factor)) for length in sizes[name]]
            near = all(abs(seen - length) <= 1 for seen, length in zip(sorted(image.size), sorted(wanted), strict=True))
            told = f"{kind(name)} of {sizes[name]} became {list(image.size)}; {wanted} was expected, within a pixel."
            tally.expect(near, told, part="small" if factor == 1 else "size")
            if name == "glass.png" and file_format == "JPEG":
                white = alike(colours(data), (QUADRANTS[0], WHITE, QUADRANTS[2], WHITE))
                tally.expect(white, "What is transparent in a PNG is not white in its preview.", part="content")
            if name == "moving.gif":
                first = alike(colours(data), QUADRANTS)
                tally.expect(first, "Of an animated GIF something else than the first frame was taken.", part="content")


def keys(name, variant):
    """Where the thumbnail and the preview of an upload belong."""
    folder, slash, last = name.rpartition("/")
    dot = last.rfind(".")
    stem = folder + slash + (last[:dot] if dot > 0 else last)
    return f"{variant['thumbnails']}/{stem}.webp", f"{variant['previews']}/{stem}.jpg"


def kind(name):
    suffix = name.rpartition(".")[2].lower()
    return {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF"}.get(suffix, "image")


def trouble(name):
    return {"t": "blanks, a plus sign and letters beyond ASCII", "5": "a percent sign and a leading dot"}.get(
        name[0], "a dot in a folder's name"
    )


def opened(data):
    """The image, decoded; None when it is none, or far larger than what was asked for: a stranger wrote it."""
    try:
        image = Image.open(io.BytesIO(data), formats=("WEBP", "JPEG", "PNG", "GIF"))
        if image.width * image.height > PIXELS_MAX:
            return None
        image.load()
    except Exception:  # noqa: BLE001 - decoders raise many kinds
        return None
    return image


def document(message):
    try:
        found = json.loads(message.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def source(found):
    held = found.get("source")
    return (held.get("bucket"), held.get("key")) if isinstance(held, dict) else (None, None)
