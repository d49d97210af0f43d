"""Telling people: every notice, its words, its delivery and its limits."""
