permit(
    "files",
    Action="lambda:InvokeFunction",
    Principal="s3.amazonaws.com",
    SourceArn=f"arn:aws:s3:::{BUCKET}",
    SourceAccount=account,
)
drop_bucket(partner)
print("the stranger's, under the partner's name:", own_bucket(stranger))
drop_bucket(stranger)
print("the partner's again:                     ", own_bucket(partner))
partner.client("s3").put_object(Bucket=BUCKET, Key="prices.csv", Body=b"apple;3")
time.sleep(10)
print(files_seen()[-1:])
