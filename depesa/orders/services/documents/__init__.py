"""Documents of orders: what they say, their numbers, their PDFs, and what becomes of them later."""
