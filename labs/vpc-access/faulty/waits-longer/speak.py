CLIENTS = """
import os

import boto3
from botocore.config import Config

patience = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})
table = boto3.resource("dynamodb", config=patience).Table(os.environ["TABLE"])
secrets = boto3.client("secretsmanager", config=patience)
supplier = boto3.client("sqs", region_name="eu-central-1", config=patience)
"""
deploy(CLIENTS + HANDLER)
lambda_.update_function_configuration(FunctionName=FUNCTION, Timeout=60)
lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
ask("secret")
event = json.dumps({"ask": "supplier"})
lambda_.invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=event)
time.sleep(400)
lab.story("invocation", "network", "retry", last=12)
