"""Races over HTTP, and whether the identities are right afterwards: run by scripts/check_identity."""
