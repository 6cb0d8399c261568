"""What is searched by any part of a word."""

from django.db import migrations

from depesa.core.search_index import IndexWords


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [IndexWords("Product")]
