"""What every app stands on: errors, states, edges, money, months, blobs, lists, shared page parts.

Knows nothing of customers, documents or letters; a word of the trade never belongs here.
"""
