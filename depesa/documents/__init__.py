"""Sales documents: waybills, invoices, returns, credit notes; their posting, numbers and papers.

A document's content is frozen data. A paper is a rendered file that belongs to one customer.
"""
