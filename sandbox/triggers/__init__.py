"""Service events become invocations: polled sources (queues, streams) and the patterns all sources share."""
