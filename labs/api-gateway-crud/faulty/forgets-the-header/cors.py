rules = {
    "AllowOrigins": ["https://shop.example"],
    "AllowMethods": ["GET", "POST", "PUT", "DELETE"],
}
apigateway.update_api(ApiId=api_id, CorsConfiguration=rules)
print(apigateway.get_api(ApiId=api_id)["CorsConfiguration"])
