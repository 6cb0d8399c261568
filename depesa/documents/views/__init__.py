"""Pages of the documents."""
