"""What WooCommerce and Shopify send, shortened to the fields that their documentation shows."""

WOO_ORDER = {
    "id": 727, "parent_id": 0, "number": "727", "order_key": "wc_order_58d2d042d1d", "created_via": "rest-api",
    "status": "processing", "currency": "EUR", "date_created_gmt": "2026-03-22T16:28:02",
    "date_modified_gmt": "2026-03-22T16:28:08", "discount_total": "0.00", "shipping_total": "10.00",
    "total": "39.14", "total_tax": "6.79", "prices_include_tax": False, "customer_id": 0,
    "customer_note": "Rings twice",
    "billing": {
        "first_name": "Jan", "last_name": "Novák", "company": "", "address_1": "Dlouhá 1", "address_2": "",
        "city": "Praha", "state": "", "postcode": "110 00", "country": "CZ", "email": "jan@firma.example",
        "phone": "+420 555 555 555",
    },
    "shipping": {
        "first_name": "Jan", "last_name": "Novák", "company": "", "address_1": "Krátká 2", "address_2": "",
        "city": "Brno", "state": "", "postcode": "602 00", "country": "CZ",
    },
    "payment_method": "bacs", "payment_method_title": "Direct Bank Transfer", "transaction_id": "",
    "date_paid": "2026-03-22T16:28:08", "date_paid_gmt": "2026-03-22T19:28:08",
    "line_items": [
        {
            "id": 315, "name": "Woo Single #1", "product_id": 93, "variation_id": 0, "quantity": 3, "tax_class": "",
            "subtotal": "18.00", "subtotal_tax": "3.78", "total": "18.00", "total_tax": "3.78", "sku": "W-1",
            "price": 6, "taxes": [{"id": 75, "total": "3.78", "subtotal": "3.78"}], "meta_data": [],
        },
        {
            "id": 316, "name": "Ship Your Idea", "product_id": 22, "quantity": 1, "subtotal": "4.35",
            "subtotal_tax": "0.91", "total": "4.35", "total_tax": "0.91", "sku": "Bar3", "price": 4.35,
        },
    ],
    "tax_lines": [{"id": 318, "rate_code": "CZ-DPH", "label": "DPH", "tax_total": "6.79"}],
    "shipping_lines": [
        {"id": 317, "method_title": "Flat Rate", "method_id": "flat_rate", "total": "10.00", "total_tax": "2.10"}
    ],
    "fee_lines": [], "coupon_lines": [], "refunds": [],
}  # fmt: skip

WOO_CUSTOMER = {
    "id": 25, "date_created_gmt": "2026-03-21T16:09:28", "date_modified_gmt": "2026-03-21T16:09:30",
    "email": "ona@firma.example", "first_name": "Ona", "last_name": "Ąžuolė", "role": "customer", "username": "ona",
    "billing": {
        "first_name": "Ona", "last_name": "Ąžuolė", "company": "", "address_1": "Ąžuolų g. 5", "address_2": "",
        "city": "Vilnius", "postcode": "01234", "country": "LT", "email": "ona@firma.example", "phone": "",
    },
    "shipping": {}, "is_paying_customer": False,
}  # fmt: skip

SHOPIFY_ORDER = {
    "id": 820982911946154508, "admin_graphql_api_id": "gid://shopify/Order/820982911946154508", "cancelled_at": None,
    "created_at": "2026-12-31T19:00:00-05:00", "updated_at": "2026-12-31T19:00:00-05:00", "currency": "EUR",
    "customer_locale": "lt", "email": "ona@firma.example", "financial_status": "pending", "fulfillment_status": None,
    "name": "#9999", "note": None, "number": 234, "order_number": 1234, "payment_gateway_names": ["Bank Deposit"],
    "phone": None, "taxes_included": True, "total_price": "28.15", "total_tax": "4.88",
    "customer": {
        "id": 115310627314723954, "email": "ona@firma.example", "first_name": "Ona", "last_name": "Ąžuolė",
        "state": "disabled",
    },
    "billing_address": {
        "first_name": "Ona", "address1": "Ąžuolų g. 5", "phone": "555-555-BILL", "city": "Vilnius", "zip": "01234",
        "country": "Lithuania", "last_name": "Ąžuolė", "address2": None, "company": None, "name": "Ona Ąžuolė",
        "country_code": "LT",
    },
    "shipping_address": {
        "first_name": "Ona", "address1": "Uosto g. 1", "phone": None, "city": "Klaipėda", "zip": "91246",
        "company": "MB Šviesa", "name": "Ona Ąžuolė", "country": "Lithuania", "country_code": "LT",
    },
    "line_items": [
        {
            "id": 866550311766439020, "title": "IPod Nano - 8GB", "sku": "IPOD2008", "quantity": 2, "price": "12.10",
            "discount_allocations": [{"amount": "2.00", "discount_application_index": 0}],
            "tax_lines": [{"title": "PVM", "price": "3.85", "rate": 0.21}], "taxable": True,
        }
    ],
    "shipping_lines": [
        {
            "id": 271878346596884015, "title": "Standard", "code": "Standard", "price": "5.95",
            "discount_allocations": [], "tax_lines": [{"title": "PVM", "price": "1.03", "rate": 0.21}],
        }
    ],
}  # fmt: skip

SHOPIFY_CUSTOMER = {
    "id": 706405506930370084, "email": "bob@biller.example", "created_at": "2026-12-31T19:00:00-05:00",
    "updated_at": "2026-12-31T19:00:00-05:00", "first_name": "Bob", "last_name": "Biller", "state": "disabled",
    "note": "This customer loves ice cream", "verified_email": True, "phone": None, "currency": "EUR",
    "default_address": {"address1": "Vilniaus g. 3", "city": "Kaunas", "zip": "44001", "country_code": "LT"},
}  # fmt: skip
