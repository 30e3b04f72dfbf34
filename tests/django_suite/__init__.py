"""Django's own tests, run with a stack around every application: ``python -m tests.django_suite``."""
