"""The edge: platforms, pages, console and command line; it puts everything together."""

__version__ = "0.1.0"
