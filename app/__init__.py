"""Tandem: one profile per person, across email and SMS. Everything beneath the API."""
