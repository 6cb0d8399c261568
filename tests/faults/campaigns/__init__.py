"""Campaigns of faults: the product at work, something done to it on purpose, and the truth at the mail server."""
