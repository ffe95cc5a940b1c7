"""The person: what its channels and links make of it."""
