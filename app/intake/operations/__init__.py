"""Changing what comes in from outside the API."""
