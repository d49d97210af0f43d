"""The demo: the sample company on a clock of its own, apart from real data."""

MARK = "demo"
"""Under this key a database says that it is a demo's; ``gukebot serve`` refuses one that does."""
