"""The limit: the same answers from endpoints and SQL written by hand for these very questions."""
