"""The demo: the sample company on a clock of its own, apart from real data."""
