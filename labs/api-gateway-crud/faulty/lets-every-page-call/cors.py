rules = {
    "AllowOrigins": ["*"],
    "AllowMethods": ["GET", "POST", "PUT", "DELETE"],
    "AllowHeaders": ["content-type"],
}
apigateway.update_api(ApiId=api_id, CorsConfiguration=rules)
print(apigateway.get_api(ApiId=api_id)["CorsConfiguration"])
