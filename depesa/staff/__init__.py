"""People who work at the desk: users, roles, what a role may do, sign-in.

Customers and their contacts are not staff and never sign in here.
"""
