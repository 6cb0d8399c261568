"""What pages are made of: lists, filters, paging, marks, exports, page parts, tags, base templates, static files.

It shows what it is given; it asks no table of the trade and sends nothing.
"""
