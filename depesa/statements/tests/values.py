"""What a letter with a statement names, for tests that write one."""

from depesa.emails.placeholders import Reader
from depesa.statements.placeholders import MONTHLY_STATEMENT, AboutStatement


def statement_values(*, company, customer, language, **facts):
    """The values of the context "monthly-statement"; `facts` are those of the statement."""
    reader = Reader.of(customer)
    return MONTHLY_STATEMENT.values(AboutStatement(company=company, language=language, reader=reader, **facts))
