"""The independent auditor: what the engine missed, found by questions of its own."""
