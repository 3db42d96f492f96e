"""The Lambda API: what functions, versions, aliases, layers and URLs there are."""
