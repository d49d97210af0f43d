"""Documents: a record in the company's own form, with its number, its edition and a hash that proves it."""
