"""Facts in the past tense, stored in the transaction that made them true."""
