"""What a document of an order prints: its facts, its sheet, the code for paying it, and samples to try a template."""

from depesa.orders.paper.papers import OrderPaper, PaperLine, Party, Rate
from depesa.orders.paper.payments import account_of, payment_text
from depesa.orders.paper.samples import bare, sample_paper
from depesa.orders.paper.sheet import builtin_source, data_of, order_job
