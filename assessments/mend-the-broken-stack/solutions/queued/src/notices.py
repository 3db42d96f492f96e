"""From a queue: one notice to the customer for every parcel that left."""

import json
import os

import boto3

TOPIC_ARN = os.environ["TOPIC_ARN"]
sns = boto3.client("sns")


def handler(event, context):
    for message in event["Records"]:
        notice = json.loads(message["body"])
        sns.publish(TopicArn=TOPIC_ARN, Message=json.dumps(notice))
        print(json.dumps({"level": "INFO", "said": "told", "order": notice["order"]}))
