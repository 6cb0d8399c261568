"""Reading foreign files without knowing the database: cells, numbers, dates, profiles, documents.

Everything here is plain Python. What cannot be read becomes a sentence with its line, never a guess.
"""
