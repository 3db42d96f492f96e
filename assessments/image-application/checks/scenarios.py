"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

import io

from PIL import Image


def scenario_setting(scene):
    for name, output in (("notifications", "NotificationTopicArn"), ("alerts", "AlertTopicArn")):
        if output in scene.stack.outputs:
            scene.ears.listen(name, scene.stack.outputs[output])


def scenario_images(scene, traffic, clock, variant):
    with scene.window("images"):
        traffic.upload(f"{variant['incoming']}/landscape.jpg", jpeg(1600, 1200))
        clock.advance(minutes=3)


def jpeg(width, height):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "JPEG")
    return buffer.getvalue()
