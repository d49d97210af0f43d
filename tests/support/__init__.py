"""What the tests stand on: a PostgreSQL of their own, and other benches."""

import os

LONG = os.environ.get("GUKEBOT_LONG") == "1"
"""Experiments at their full length, about an hour: by hand and before a release. Without it, a minute of each."""
