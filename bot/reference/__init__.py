"""The reference, written from the code itself: commands, settings, rules, procedures, as Markdown."""
