"""Revises the current release where sources changed and nothing else did."""
