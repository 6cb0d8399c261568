"""The firm that owns the desk: its name, codes, address, logo, currency, language and time zone.

One row. It is the sender on every letter and PDF. Users of the desk live in staff.
"""
