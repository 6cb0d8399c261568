"""Depesa over Celery and RabbitMQ; needs a broker (DEPESA_TEST_BROKER) and runs when asked for: -m broker."""
