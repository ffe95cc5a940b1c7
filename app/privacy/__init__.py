"""Restriction, access, deletion, erasure (GDPR, articles 15 to 18)."""
