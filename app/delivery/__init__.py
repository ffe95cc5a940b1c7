"""Sending: messages to be sent, the claim that the send gate guards, and the providers that carry them."""
