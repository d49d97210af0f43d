"""What people and the clock can ask of us: one function, one transaction."""
