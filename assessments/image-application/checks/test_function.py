"""The function makes the images and says so."""

import io

from PIL import Image

from autograder.checks.expect import expect
from autograder.checks.marks import points


@points(25, "function", hint="A thumbnail is a WebP file whose longest side is the asked number of pixels.", topic="m2-t1")
def test_thumbnail(evidence, variant):
    key = f"{variant['thumbnails']}/landscape.webp"
    expect(key in evidence.objects, f"A JPEG was uploaded; {key} was expected in the result bucket and is not there.")
    image = Image.open(io.BytesIO(evidence.objects[key]))
    side = max(image.size)
    expect(
        side == variant["thumbnail_px"], f"The thumbnail's longest side is {side} px; {variant['thumbnail_px']} were expected."
    )
