"""What Tandem's requests cost, beside a hand-written service and the usual GraphQL stack over the same database."""
