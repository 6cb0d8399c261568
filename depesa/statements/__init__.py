"""The monthly statement run: one letter with a PDF per customer who has sales documents in the month.

It forms, reviews, re-forms and proves coverage; sending is done by the outbox.
"""
