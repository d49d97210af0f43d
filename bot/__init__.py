"""The edge: platforms, pages, console and command line; it puts everything together."""
