"""The desk for programs: REST with tokens, webhooks in and out.

It owns tokens, idempotency keys and subscriptions; every verb belongs to another app.
"""
