"""Keeps a state folder: backup, restore, export."""
