"""Attacks on a Depesa of its own, from outside and by every role: what gets through is a fault."""
