permit("files", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
print("the partner's bucket: ", own_bucket(partner))
print("the stranger's bucket:", own_bucket(stranger, "stranger-uploads"))
partner.client("s3").put_object(Bucket=BUCKET, Key="prices.csv", Body=b"apple;3")
stranger.client("s3").put_object(
    Bucket="stranger-uploads", Key="wrong.csv", Body=b"apple;0"
)
time.sleep(10)
print(files_seen())
