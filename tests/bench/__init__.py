"""Measurements of the monthly run: commands, never timed tests."""
