"""What the fault stories are told with: a chat platform that fails, workers to kill, a disk that loses writes."""
