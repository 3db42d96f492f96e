layer = lambda_.publish_layer_version(
    LayerName="pixels",
    Content={"ZipFile": zipped({"python/pixels.py": PIXELS})},
    CompatibleRuntimes=["python3.14"],
)["LayerVersionArn"]
print(layer)
