"""Which actions on which resources does an API operation need? One file a service, reviewed against AWS's service authorization
reference; ``by_rule`` lists the operations that nobody reviewed."""

from sandbox.iam.operations.call_site import CallSite
from sandbox.iam.operations.lookup import checks_for, is_by_rule, is_mapped

__all__ = ["CallSite", "checks_for", "is_by_rule", "is_mapped"]
