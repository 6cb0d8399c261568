"""What we sell: products, their categories and price lists.

It knows no customer and no order; an order keeps its own copy of names and prices.
"""
