"""What counts as evidence (`evidence`), how a record is sealed (`sealing`), what a text says (`words`, `phrases`)."""
