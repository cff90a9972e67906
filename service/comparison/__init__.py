"""Cases compared in one table, each cell with its evidence."""
