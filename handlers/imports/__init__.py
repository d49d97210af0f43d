"""Bringing in what a company has already: its organisation and its past complaints."""
