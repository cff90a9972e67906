"""The processes that answer: one that holds the dataset, workers forked from it, and who is given which."""
