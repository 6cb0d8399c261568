"""The verbs of customers: enter, change, find or make, contacts, addresses, consents; all of it in the history."""

from depesa.customers.services.cards import FIELDS, change, create, register_account, set_newsletter
from depesa.customers.services.checks import Checked, check, check_contact
from depesa.customers.services.consents import agree, agree_by_name, withdraw
from depesa.customers.services.groups import group_named
from depesa.customers.services.lookup import find_or_create, found_or_made
from depesa.customers.services.places import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    add_address,
    add_contact,
    change_address,
    change_contact,
    remove_address,
    remove_contact,
)
