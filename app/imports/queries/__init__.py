"""Reading imports, and what they have to know of contacts."""
