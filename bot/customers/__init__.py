"""The customer's page: one page behind a link, without an account and without a script."""
