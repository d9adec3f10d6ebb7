"""Several models that answer alike, used as one: `Replicas`, and the `Router` that sends requests to them."""
