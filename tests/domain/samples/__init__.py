"""A sample of every event, concept by concept."""
