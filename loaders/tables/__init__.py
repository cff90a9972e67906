"""Loads tables that others keep: metadata of CSV on the Web (W3C, 2015) say what of their rows becomes what."""
