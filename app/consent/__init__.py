"""Consent: a ledger for each channel, and its fold."""
