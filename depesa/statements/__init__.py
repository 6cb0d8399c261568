"""The statement run of a period: one letter with a PDF per customer who has sales documents in it.

It forms, reviews, re-forms and proves coverage; sending is done by the outbox.
"""
