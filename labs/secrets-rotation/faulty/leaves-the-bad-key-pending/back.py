accepts(
    secrets.get_secret_value(SecretId=SECRET, VersionStage="AWSPREVIOUS")["SecretString"]
)
print(labels(), pay("A-8"))
secrets.update_secret_version_stage(
    SecretId=SECRET,
    VersionStage="AWSCURRENT",
    MoveToVersionId=holder("AWSPREVIOUS"),
    RemoveFromVersionId=holder("AWSCURRENT"),
)
print(labels(), pay("A-9"))
