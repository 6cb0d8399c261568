"""Forms of sales documents."""
