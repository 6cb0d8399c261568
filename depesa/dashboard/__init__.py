"""The start page and the search: what needs a person today.

Reads anything, owns nothing.
"""
