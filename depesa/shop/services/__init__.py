"""Verbs of the shop."""
