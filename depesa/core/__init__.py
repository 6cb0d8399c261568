"""What every app stands on: errors, edges, money, months, languages, tables, search keys, blobs, processes.

Knows nothing of customers, documents or letters; a word of the trade never belongs here.
"""
