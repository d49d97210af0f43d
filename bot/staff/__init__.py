"""The page of a form for our own people: every question at once, kept as it is filled in, with or without a script."""
