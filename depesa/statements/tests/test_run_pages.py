"""The pages of a month: formed, looked at, sent, changed; what each role may do."""

import re
from collections import Counter

import pytest
from django.db.models import Sum
from django.urls import reverse

from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.operations.services import post_due, remove
from depesa.outbox.models import Channel, Delivery, Message
from depesa.pdf import Rendered
from depesa.statements.models import Statement, StatementLine, StatementRun
from depesa.statements.queries import count_segments, figures, going, with_segment
from depesa.statements.services import form, render_due
from depesa.statements.tests.conftest import make_customer, sell
from depesa.statements.views import changes
from depesa.ui import marks

pytestmark = pytest.mark.django_db
JUNE = Period.month(2011, 6)
RUN = "/runs/2011-06/"
HTMX = {"HX-Request": "true"}


class Quick:
    """A renderer that prints what mail servers take for a PDF."""

    def render_many(self, jobs):
        for job in jobs:
            yield Rendered(job.key, b"%%PDF-1.4 %d" % job.key)


def make_ready(run):
    render_due(Quick(), run=run)


@pytest.fixture
def desk(client, ada, company, clock):
    client.force_login(ada)
    return client


@pytest.fixture
def june(company, clock):
    """Three customers, one without an address; every PDF is there."""
    for code, fields in {"A": {}, "B": {}, "C": {"email": ""}}.items():
        customer = make_customer(code, **fields)
        sell(customer)
        sell(customer, kind="return", net="10.00", vat="2.10")
    run = form(JUNE, by=None).run
    make_ready(run)
    return run


def test_a_month_is_formed_after_a_page_that_says_from_what(desk, company):
    sell(make_customer("A"))
    sell(make_customer("B"), posting="not-posted")
    page = desk.get(f"{RUN}forming/").text
    for words in ("Form June 2011", "121.00", "document is not posted and stays out", "Nothing is sent"):
        assert words in page
    assert not StatementRun.objects.exists()
    answer = desk.post(f"{RUN}forming/", follow=True)
    assert "1 statement was formed." in answer.text
    assert Statement.objects.count() == 1
    assert not Message.objects.exists()


def test_the_month_shows_its_strip_figures_and_statements(desk, june):
    page = desk.get(RUN).text
    for words in (
        "June 2011",
        "ready to send",
        "without an address",
        "326.70",
        "6 of 6",
        "Send 2 letters",
        "Customer A",
    ):
        assert words in page


def test_a_segment_is_a_filter(desk, june):
    page = desk.get(f"{RUN}?where=no-address").text
    assert "state is without an address" in page
    assert "Customer C" in page
    assert "Customer A" not in page


def test_sending_says_the_number_and_what_stays(desk, june):
    page = desk.get(f"{RUN}posting/")
    for words in ("Send 2 letters", "has no e-mail address and stays", "Coverage: 6 of 6", "217.80"):
        assert words in page.text
    assert not Message.objects.exists()
    answer = desk.post(f"{RUN}posting/", {"expected": page.context["expected"]}, follow=True)
    assert "2 operations were posted." in answer.text
    assert Message.objects.count() == 2
    assert count_segments(june) == {"waiting": 2, "no-address": 1}


def test_only_marked_ones_are_sent(desk, june, ada):
    chosen = Statement.objects.get(customer__code="A")
    marks.add(ada.pk, "statements-2011-06", [chosen.pk])
    page = desk.get(f"{RUN}posting/?marked=yes")
    assert "Send 1 letter" in page.text
    desk.post(f"{RUN}posting/?marked=yes", {"expected": "1"})
    assert list(Message.objects.values_list("customer__code", flat=True)) == ["A"]


def test_the_act_of_marked_rows_leads_to_the_month(desk, june):
    ids = [str(pk) for pk in Statement.objects.values_list("pk", flat=True)]
    answer = desk.post(RUN, {"here": ",".join(ids), "mark": ids, "act": "post"})
    assert answer.headers["Location"] == f"{RUN}posting/?marked=yes"


def test_what_changed_since_one_looked_is_asked_again(desk, june):
    Operation.objects.filter(customer__code="A").update(addresses="")
    answer = desk.post(f"{RUN}posting/", {"expected": "2"})
    assert answer.status_code == 409
    assert "has changed since you looked" in answer.text
    assert not Message.objects.exists()


def test_the_alive_part_asks_again_only_while_something_moves(desk, june, ada):
    assert "hx-trigger" not in desk.get(f"{RUN}live/", headers=HTMX).text
    Operation.objects.filter(addresses__gt="").update(asked_at="2011-07-05T12:00Z", asked_by=ada)
    part = desk.get(f"{RUN}live/", headers=HTMX).text
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    assert "being posted" in part
    post_due()
    assert "in the outbox" in desk.get(f"{RUN}live/", headers=HTMX).text
    assert desk.get(f"{RUN}live/").headers["Location"] == RUN


def test_pausing_the_pdfs_and_the_letters(desk, june, ada):
    Statement.objects.filter(customer__code="A").update(state="formed")
    desk.post(f"{RUN}rendering/")
    june.refresh_from_db()
    assert june.is_rendering_paused
    assert "paused" in desk.get(RUN).text
    desk.post(f"{RUN}sending/")
    assert Channel.objects.get(is_default=True).is_paused
    Operation.objects.filter(addresses__gt="").update(asked_at="2011-07-05T12:00Z", asked_by=ada)
    for goes_on in re.findall(r'action="(.+?[?]go-on)"', desk.get(RUN).text):
        desk.post(goes_on)
    june.refresh_from_db()
    assert not june.is_rendering_paused
    assert not Channel.objects.get(is_default=True).is_paused


def test_two_who_pause_at_the_same_time_have_paused(desk, june):
    for name in ("rendering", "sending") * 2:
        desk.post(f"{RUN}{name}/")
    june.refresh_from_db()
    assert june.is_rendering_paused
    assert Channel.objects.get(is_default=True).is_paused


def test_a_changed_document_makes_the_statement_out_of_date(desk, june):
    document = Document.objects.filter(customer__code="A").first()
    Document.objects.filter(pk=document.pk).update(posting="not-posted", content_version=document.version + 1)
    page = desk.get(f"{RUN}changed/").text
    assert f"{document.number} was taken out" in page
    assert "Form 1 statement anew" in desk.get(f"{RUN}re-forming/").text
    answer = desk.post(f"{RUN}re-forming/", follow=True)
    assert "1 statement was formed anew." in answer.text
    assert "Everything is up to date" in answer.text


def test_the_page_of_forming_anew_counts_what_it_does(desk, june, monkeypatch):
    monkeypatch.setattr(changes, "SHOWN", 1)
    statements = Statement.objects.order_by("pk")
    for row, posting in zip(statements, ("not-posted", "posted", "posted"), strict=True):
        Operation.objects.filter(pk=row.operation_id).update(posting=posting)
        sell(row.customer)
    page = desk.get(reverse("statements:renewal", args=[JUNE]))
    assert {figure.label: figure.value for figure in page.context["figures"]} == {
        "Not sent yet: renewed": "1",
        "Sent: revision": "0",
        "For the next time": "2",
    }


def test_after_sending_forming_anew_makes_a_revision(desk, june):
    desk.post(f"{RUN}posting/", {"expected": "2"})
    sell(make_customer("D"))
    customer = Statement.objects.get(customer__code="A").customer
    sell(customer)
    desk.post(f"{RUN}re-forming/?statement={Statement.objects.get(customer=customer).pk}")
    assert Statement.objects.filter(customer=customer, revision=2).exists()


def test_leaving_out_with_a_reason_and_putting_back(desk, june):
    chosen = Statement.objects.get(customer__code="B")
    desk.post(f"{RUN}leaving-out/?statement={chosen.pk}", {"reason": "gets it by post"})
    page = desk.get(f"{RUN}left-out/").text
    for words in ("Customer B", "Ada", "gets it by post"):
        assert words in page
    desk.post(reverse("statements:restoration", args=["2011-06", chosen.operation_id]))
    assert "Nobody is left out" in desk.get(f"{RUN}left-out/").text


def test_coverage_names_what_is_missing(desk, june):
    late = sell(make_customer("D"))
    sell(make_customer("E"), posting="corrected")
    page = desk.get(f"{RUN}coverage/").text
    for words in (late.number, "Posted after their statement was formed", "Edited after posting", "6 of 7"):
        assert words in page


def test_the_difference_shows_the_odd_ones_first(desk, june):
    for code, net in {"A": "1000.00", "B": "90.00"}.items():
        sell(Statement.objects.get(customer__code=code).customer, "2011-07-10", net)
    form(JUNE.next, by=None)
    page = desk.get("/runs/2011-07/difference/").text
    assert "sum differs" in page
    assert "1 customer had a statement the period before and has none now" in page
    assert page.index("Customer A") < page.index("Customer B")


def test_the_months_name_those_that_were_never_formed(desk, june):
    StatementRun.objects.filter(pk=june.pk).update(**columns_of(Period.month(2011, 4)))
    page = desk.get("/runs/").text
    assert "2 months were never formed:" in page
    assert "May 2011</a>, <a" in page
    assert "April 2011" in page


def test_a_month_without_a_run_offers_to_form_it(desk):
    page = desk.get("/runs/2010-02/").text
    assert "not formed" in page
    assert reverse("statements:formation", args=["2010-02"]) in page
    assert desk.get("/runs/2010-13/").status_code == 404
    assert desk.get("/runs/x/").status_code == 404


def test_pieces_for_the_customer_and_the_document(desk, june):
    statement = Statement.objects.get(customer__code="A")
    piece = desk.get(f"/statements/of-customer/{statement.customer_id}/", headers=HTMX).text
    assert "June 2011" in piece
    assert "108.90" in piece
    document = statement.lines.first().document
    assert "June 2011" in desk.get(f"/statements/of-document/{document.pk}/", headers=HTMX).text
    assert desk.get(f"/statements/of-customer/{statement.customer_id}/").status_code == 302


def test_the_operation_shows_the_document_and_leads_to_the_month(desk, june):
    operation = Statement.objects.get(customer__code="A").operation
    page = desk.get(operation.get_absolute_url()).text
    assert RUN in page
    assert "Send the letter" in page


def test_returned_and_refused_letters_have_their_own_segments(desk, june):
    desk.post(f"{RUN}posting/", {"expected": "2"})
    first, second = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=first.pk).update(state="unknown")
    Delivery.objects.filter(pk=second.pk).update(state="rejected")
    assert count_segments(june) == {"no-address": 1, "uncertain": 1, "refused": 1}


def test_readers_look_and_send_nothing(client, cleo, dan, june):
    client.force_login(cleo)
    page = client.get(RUN)
    assert page.status_code == 200
    assert "Send 2 letters" not in page.text
    for what in ("posting", "forming", "re-forming", "leaving-out", "rendering", "sending"):
        assert client.post(f"{RUN}{what}/").status_code == 403
    client.force_login(dan)
    assert client.get(RUN).status_code == 403


def test_a_month_takes_a_fixed_number_of_queries(desk, company, django_assert_max_num_queries):
    for number in range(20):
        sell(make_customer(f"Q-{number}"))
    make_ready(form(JUNE, by=None).run)
    with django_assert_max_num_queries(45):
        desk.get(RUN)


def test_settings(desk):
    answer = desk.post("/settings/statements/", {"sums_differ_by": "25", "note": "Thank you", "forms_by_itself": "on"})
    assert answer.status_code == 302
    assert 'value="25"' in desk.get("/settings/statements/").text


def test_removed_ones_are_not_sent(desk, june, ada):
    remove([Statement.objects.get(customer__code="A").operation_id], by=ada)
    assert "Send 1 letter" in desk.get(f"{RUN}posting/").text


def test_the_tab_of_a_big_month_asks_for_its_count_by_itself(desk, june):
    StatementRun.objects.update(formed_count=501)
    count_url = f"{RUN}changed/count/"
    assert f'hx-get="{count_url}"' in desk.get(RUN).text
    assert 'class="count"' not in desk.get(count_url, headers=HTMX).text
    Document.objects.filter(customer__code="A").update(posting="corrected")
    assert '<span class="count">1</span>' in desk.get(count_url, headers=HTMX).text
    assert desk.get(count_url).url == f"{RUN}changed/"


def test_the_plot_counts_each_statement_once_by_its_sum(desk, company, clock):
    for number, net in enumerate(("5", "15", "15", "30", "90", "90", "90", "400"), start=1):
        sell(make_customer(f"P{number}"), net=net, vat="0")
    sell(make_customer("P9"), kind="return", net="5", vat="0")
    form(JUNE, by=None)
    plot = desk.get(RUN).context["plot"]
    assert dict(zip(plot["labels"], plot["values"], strict=True)) == {
        "below 0": 1,
        "0": 1,
        "10": 2,
        "20": 1,
        "50": 3,
        "100": 0,
        "200": 1,
    }


def test_every_statement_is_counted_where_its_row_stands(desk, june):
    desk.post(f"{RUN}posting/", {"expected": "2"})
    Delivery.objects.filter(message__customer__code="A").update(state="unknown")
    rows = with_segment(going(june)).values_list("segment", flat=True)
    assert count_segments(june) == dict(Counter(rows))


@pytest.fixture
def sent(desk, june, ada):
    """The operation of a customer whose letter has left."""
    operation = Operation.objects.get(statement__customer__code="A")
    desk.post(reverse("operations:posting", args=[operation.pk]), {"expected": "1"})
    return operation


def again(operation):
    return reverse("operations:resend", args=[operation.pk])


def test_a_letter_that_has_left_is_sent_again_with_a_reason(desk, sent):
    assert again(sent) in desk.get(sent.get_absolute_url()).text
    page = desk.get(again(sent)).text
    assert "One more letter will leave; the customer may have it twice." in page
    answer = desk.post(again(sent), {"reason": "the customer lost it"}, follow=True)
    assert "One more letter is in the outbox." in answer.text
    first, second = Message.objects.order_by("pk")
    assert second.resend_of == first


def test_without_a_reason_no_letter_is_sent_again(desk, sent):
    answer = desk.post(again(sent), {"reason": " "})
    assert (answer.status_code, Message.objects.count()) == (422, 1)
    assert "Say why the letter is sent again." in answer.text


def test_what_has_not_left_is_not_sent_again(desk, june):
    waiting = Operation.objects.get(statement__customer__code="B")
    assert again(waiting) not in desk.get(waiting.get_absolute_url()).text
    assert "No letter of it has left." in desk.get(again(waiting)).text
    assert desk.post(again(waiting), {"reason": "now"}).status_code == 422
    assert desk.post(again(june.operation), {"reason": "now"}).status_code == 422
    assert not Message.objects.exists()


def test_a_reader_sends_nothing_again(client, sent, cleo):
    client.force_login(cleo)
    assert again(sent) not in client.get(sent.get_absolute_url()).text
    assert client.post(again(sent), {"reason": "for fun"}).status_code == 403
    assert Message.objects.count() == 1


def test_figures_say_what_the_lines_say_in_every_currency(june):
    customer = make_customer("D")
    for currency in ("EUR", "USD", "USD", "CZK"):
        sell(customer, currency=currency)
    form(JUNE, by=None)
    StatementLine.objects.filter(statement__customer=customer, currency="CZK").update(is_current=False)
    lines = StatementLine.objects.filter(run=june, is_current=True)
    sums = dict(lines.order_by("currency").values_list("currency").annotate(Sum("gross")))
    now = figures(june)
    assert {currency: total for currency, total in now.totals.items() if total} == sums
    assert now.documents == lines.count() == 9


def test_statements_are_found_by_the_subject_of_their_letter(desk, june):
    Operation.objects.filter(statement__customer__code="B").update(subject="Přehled", subject_key="prehled")
    page = desk.get(f"{RUN}?q=přehled").text
    assert "Customer B" in page
    assert "Customer A" not in page
