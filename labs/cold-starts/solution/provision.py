def keep(n, qualifier="live"):
    lambda_.put_provisioned_concurrency_config(
        FunctionName=FUNCTION, Qualifier=qualifier, ProvisionedConcurrentExecutions=n
    )
    while (
        lambda_.get_provisioned_concurrency_config(
            FunctionName=FUNCTION, Qualifier=qualifier
        )["Status"]
        == "IN_PROGRESS"
    ):
        time.sleep(5)


version = lambda_.publish_version(FunctionName=FUNCTION)["Version"]
try:
    lambda_.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion=version)
except lambda_.exceptions.ResourceConflictException:
    lambda_.update_alias(FunctionName=FUNCTION, Name="live", FunctionVersion=version)
began = lab.now()
keep(2)
time.sleep(8 * 3600)
lambda_.delete_provisioned_concurrency_config(FunctionName=FUNCTION, Qualifier="live")
hours = (lab.now() - began) / 3600
usd = 2 * 0.5 * hours * 3600 * PRICES["ready_gb_s"]
print(f"{hours:.1f} hours of two environments: {usd:.2f} USD")
time.sleep(16 * 3600)
keep(2)
