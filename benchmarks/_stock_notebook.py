"""What one would write for stock nbgrader: the image application as a notebook, tested on moto in the learner's kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

SETUP = """
import io, json, os
import boto3
from moto import mock_aws
from PIL import Image, ImageOps

mock_aws().start()
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="eu-central-1")
s3, sqs = boto3.client("s3"), boto3.client("sqs")
for bucket in ("uploads", "results"):
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
failures, told = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("failures", "told"))
"""
SOLUTION = """
def handler(event, context):
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        body = s3.get_object(Bucket="uploads", Key=key)["Body"].read()
        stem = key.removeprefix("incoming/").rpartition(".")[0]
        try:
            image = ImageOps.exif_transpose(Image.open(io.BytesIO(body)))
        except OSError:
            sqs.send_message(QueueUrl=failures, MessageBody=json.dumps(record))
            continue
        for folder, side, kind in (("thumbnails", 256, "webp"), ("previews", 1024, "jpeg")):
            small = image.convert("RGB")
            small.thumbnail((side, side))
            out = io.BytesIO()
            small.save(out, kind)
            s3.put_object(Bucket="results", Key=f"{folder}/{stem}.{kind.replace('jpeg', 'jpg')}", Body=out.getvalue())
        sqs.send_message(QueueUrl=told, MessageBody=json.dumps({"source": key, "width": image.width, "height": image.height}))
"""
ACT = """
def upload(key, body):
    s3.put_object(Bucket="uploads", Key=key, Body=body)
    handler({"Records": [{"s3": {"bucket": {"name": "uploads"}, "object": {"key": key}}}]}, None)

def picture(width, height, kind):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()

def result(key):
    return Image.open(io.BytesIO(s3.get_object(Bucket="results", Key=key)["Body"].read()))

def messages(queue):
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [message["Body"] for message in found.get("Messages", [])]

for name, width, height, kind in PICTURES:
    upload(f"incoming/{name}", picture(width, height, kind))
upload("incoming/bad.gif", b"no image")
"""
PICTURES = [
    # name, width, height, kind
    ("a b/één.jpg", 1600, 1200, "jpeg"),
    ("tiny.png", 10, 20, "png"),
    ("upright.jpg", 900, 1350, "jpeg"),
    ("strip.webp", 1500, 20, "webp"),
    ("square.png", 640, 640, "png"),
    ("v1.2/wide.jpg", 640, 480, "jpeg"),
    ("icon.png", 120, 90, "png"),
    ("50% off/tall.jpg", 300, 400, "jpeg"),
]
CHECKS = {
    "told": f"assert len(messages(told)) == {len(PICTURES)}",
    "failure": "assert len(messages(failures)) == 1",
    "failure-key": 'assert "bad.gif" in messages(failures)[0]',
    "nothing-left": f'assert s3.list_objects_v2(Bucket="results")["KeyCount"] == {2 * len(PICTURES)}',
}


def _sized(width: int, height: int, side: int) -> tuple[int, int]:
    share = min(1.0, side / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


for number, (name, width, height, _) in enumerate(PICTURES):
    stem = name.rpartition(".")[0]
    CHECKS |= {
        f"thumbnail-{number}": f'assert result("thumbnails/{stem}.webp").size == {_sized(width, height, 256)}',
        f"thumbnail-kind-{number}": f'assert result("thumbnails/{stem}.webp").format == "WEBP"',
        f"preview-{number}": f'assert result("previews/{stem}.jpg").size == {_sized(width, height, 1024)}',
        f"preview-kind-{number}": f'assert result("previews/{stem}.jpg").format == "JPEG"',
        f"told-{number}": f'assert any(json.loads(m)["source"].endswith("{name}") for m in messages(told))',
    }


def stock_course(folder: Path, assignment: str, submissions: list[str], checks: int) -> None:
    """``source/`` and ``submitted/`` of a course; every solution is the given text, tested by so many checks."""
    if checks > len(CHECKS):
        raise SystemExit(f"the notebook has {len(CHECKS)} checks, not {checks}: add some")
    write(folder / "source" / assignment / f"{assignment}.ipynb", SOLUTION, checks)
    for number, solution in enumerate(submissions):
        write(folder / "submitted" / f"learner{number:02}" / assignment / f"{assignment}.ipynb", solution, checks)


def write(path: Path, solution: str, checks: int) -> None:
    cells = [
        _cell("setup", SETUP, locked=True),
        _cell("handler", solution, solution=True),
        _cell("act", f"PICTURES = {PICTURES}\n{ACT}", locked=True),
    ]
    cells += [_cell(name, code, grade=True, locked=True, points=1) for name, code in list(CHECKS.items())[:checks]]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)


def _cell(name: str, code: str, **marks: Any) -> Any:
    cell = new_code_cell(code.strip("\n"))
    cell.metadata["nbgrader"] = {
        "grade": False,
        "solution": False,
        "locked": False,
        "schema_version": 3,
        "grade_id": name,
    } | marks
    return cell
