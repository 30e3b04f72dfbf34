"""The settings of Django's own test runs, with the stack that ``SUITE_STACK`` names."""

import os

from test_sqlite import *  # noqa: F403  # from Django's tests

from tests.django_suite.stacks import STACKS

ASGI_STACK = STACKS[os.environ["SUITE_STACK"]]()
