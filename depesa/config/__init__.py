"""How the parts are put together: settings, addresses of pages, schedule, command line.

The only place that knows every app. It decides nothing about the trade.
"""
