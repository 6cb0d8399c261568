"""What is typed on the pages of the API, and what other programs send."""
