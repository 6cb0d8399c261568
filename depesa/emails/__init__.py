"""System e-mails: texts with placeholders, per language, versioned, checked when saved.

It fills a text with values; it does not send and does not know who asks.
"""
