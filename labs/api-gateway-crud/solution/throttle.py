limit = {"ThrottlingRateLimit": 2, "ThrottlingBurstLimit": 5}
as_the_account = {"ThrottlingRateLimit": 10000, "ThrottlingBurstLimit": 5000}
apigateway.update_stage(
    ApiId=api_id,
    StageName="$default",
    RouteSettings={"POST /parts": limit},
    DefaultRouteSettings=as_the_account,
)
codes = [call("POST", "/parts", b"{}")[0] for _ in range(20)]
print({code: codes.count(code) for code in set(codes)})
time.sleep(10)
codes = [call("GET", "/parts")[0] for _ in range(20)]
print({code: codes.count(code) for code in set(codes)})
