from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("company", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="colour",
            field=models.CharField(blank=True, default="", max_length=7, verbose_name="colour of letters"),
            preserve_default=False,
        ),
    ]
