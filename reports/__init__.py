"""Adding up: queries, statistics, charts and documents; reads everything, changes nothing."""
