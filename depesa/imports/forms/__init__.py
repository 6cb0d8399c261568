"""Parts of forms that read what people write."""
