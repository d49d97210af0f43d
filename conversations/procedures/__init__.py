"""The declared procedures, one file each; the handbook lists them."""
