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

upload("incoming/a b/één.jpg", picture(1600, 1200, "jpeg"))
upload("incoming/tiny.png", picture(10, 20, "png"))
upload("incoming/bad.gif", b"no image")
"""
CHECKS = {
    "thumbnail": 'assert max(result("thumbnails/a b/één.webp").size) == 256',
    "thumbnail-kind": 'assert result("thumbnails/a b/één.webp").format == "WEBP"',
    "preview": 'assert max(result("previews/a b/één.jpg").size) == 1024',
    "aspect": 'assert result("thumbnails/a b/één.webp").size == (256, 192)',
    "never-enlarged": 'assert result("thumbnails/tiny.webp").size == (10, 20)',
    "told": "assert len(messages(told)) == 2",
    "told-size": 'assert {json.loads(m)["width"] for m in messages(told)} == {1600, 10}',
    "failure": "assert len(messages(failures)) == 1",
    "failure-key": 'assert "bad.gif" in messages(failures)[0]',
    "nothing-left": 'assert s3.list_objects_v2(Bucket="results")["KeyCount"] == 4',
}


def stock_course(folder: Path, assignment: str, submissions: list[str]) -> None:
    """``source/`` and ``submitted/`` of a course; every solution is the given text."""
    write(folder / "source" / assignment / f"{assignment}.ipynb", SOLUTION)
    for number, solution in enumerate(submissions):
        write(folder / "submitted" / f"learner{number:02}" / assignment / f"{assignment}.ipynb", solution)


def write(path: Path, solution: str) -> None:
    cells = [_cell("setup", SETUP, locked=True), _cell("handler", solution, solution=True), _cell("act", ACT, locked=True)]
    cells += [_cell(name, code, grade=True, locked=True, points=1) for name, code in CHECKS.items()]
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
