"""What is promised, kept: stories through the front door, rules, platforms, faults and benchmarks."""
