accepts(
    secrets.get_secret_value(SecretId=SECRET, VersionStage="AWSPREVIOUS")["SecretString"]
)
print(labels(), pay("A-8"))
secrets.update_secret_version_stage(
    SecretId=SECRET,
    VersionStage="AWSPREVIOUS",
    MoveToVersionId=holder("AWSCURRENT"),
    RemoveFromVersionId=holder("AWSPREVIOUS"),
)
print(labels(), pay("A-9"))
