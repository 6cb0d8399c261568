"""The shop: a small storefront whose events the system e-mails answer.

It owns carts, accounts and one-time links; orders and customers are made by their own apps.
"""
