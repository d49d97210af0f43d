"""The sample company of the demo: everybody and everything in it is invented."""
