"""What happened: an append-only record of every change and contact, linked by a hash chain.

It refers to other records by name only, and never changes one of them.
"""
