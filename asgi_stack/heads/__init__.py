"""Heads: what a layer sees of a request, changes of a response, or answers by itself.

All of it works at every request; nothing here knows how layers are put together.
"""

from asgi_stack.heads.fields import Field, Lines, ResponseHeaders
from asgi_stack.heads.reply import Reply
from asgi_stack.heads.request import RequestHead
from asgi_stack.heads.response import HEAD_MESSAGES, ResponseHead, ResponseHook
from asgi_stack.heads.unread import UNREAD_BODY_KEY, UnreadBody

__all__ = [
    "HEAD_MESSAGES",
    "UNREAD_BODY_KEY",
    "Field",
    "Lines",
    "Reply",
    "RequestHead",
    "ResponseHead",
    "ResponseHeaders",
    "ResponseHook",
    "UnreadBody",
]
