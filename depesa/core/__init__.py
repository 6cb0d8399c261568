"""What every app stands on: errors, reasons, records, plugs, edits, leases, money, periods, languages, search, blobs.

Knows no table of customers, documents or letters; of the trade only the fixed words of papers, language by language.
"""
