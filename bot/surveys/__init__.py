"""The page on which customers and employees answer a survey."""
