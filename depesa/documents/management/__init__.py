"""Commands of sales documents."""
