"""Linking and merging: the one operation that every way in calls."""
