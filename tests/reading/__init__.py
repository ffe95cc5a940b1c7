"""The proof of the reading layer: golden SQL, random documents, an example of every field, and query plans."""
