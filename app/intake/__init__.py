"""What comes in from outside: text messages, confirmations; their effects on identity and consent."""
