"""Files from elsewhere: reading them, understanding their columns, keeping batches and refusals.

It turns a file into rows with line numbers. What a row becomes is decided by the app that asks.
"""
