CLIENTS = """
import os

import boto3
from botocore.config import Config

patience = Config(connect_timeout=3, read_timeout=3)
table = boto3.resource("dynamodb", config=patience).Table(os.environ["TABLE"])
secrets = boto3.client("secretsmanager", config=patience)
supplier = boto3.client("sqs", region_name="eu-central-1", config=patience)
"""
deploy(CLIENTS + HANDLER)
ask("secret")
event = json.dumps({"ask": "supplier"})
lambda_.invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=event)
time.sleep(400)
lab.story("invocation", "network", "retry", last=12)
