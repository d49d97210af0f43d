"""What ours is measured against: the bare database, and the libraries a user would pick instead."""
