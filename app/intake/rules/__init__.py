"""What an inbound message is (`hearing`), what confirming is (`asking`), and what contacts are written (`texts`)."""
