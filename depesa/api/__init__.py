"""The desk for programs: REST with tokens, webhooks in and out.

It owns tokens, idempotency keys, subscriptions and what shops elsewhere told; every verb belongs to another app.
"""
