"""How a file is read: its bytes, its records, its columns, and the contact that a row is of."""
