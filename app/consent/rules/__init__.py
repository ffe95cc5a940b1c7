"""What counts as evidence (`evidence`), how a record is sealed (`sealing`), and what a text message says (`words`)."""
