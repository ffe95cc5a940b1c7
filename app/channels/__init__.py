"""Addresses, and what arrives with them."""
