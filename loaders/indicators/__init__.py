"""Loads the indicators of regions, of which a table has a column each, as observations of a data set."""
