"""Data that ships with the product: the statutory holidays and make-up working days, reviewed by a person."""
