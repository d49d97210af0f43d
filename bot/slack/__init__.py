"""Slack: the door, the modals, the home, the way out and the files of one workspace."""
