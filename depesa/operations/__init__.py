"""CRM operations: steps of work with a customer, with a task, dates, a mark and a posting state.

Posting runs what the task does; the apps above register what that is.
"""
