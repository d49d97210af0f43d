"""Benchmarks: ours beside what a user would pick instead, measured in turns in one run."""
