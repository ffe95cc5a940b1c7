"""Imports of CSV files: rehearsed, run in batches, taken back."""
