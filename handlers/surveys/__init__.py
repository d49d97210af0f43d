"""Surveys: planned and sent in chat, answered by link, reminded, closed, counted, reported."""
