"""Files from elsewhere: reading them, understanding their columns, keeping batches and refusals.

It turns a file into rows with line numbers, and lines of sales into documents that add up. What becomes of them is
decided by the app that asks.
"""
