"""The schema's history: each revision is one transaction, on both databases."""

HEAD = "0013"
"""The newest revision, kept here so that a start need not load Alembic to compare."""
