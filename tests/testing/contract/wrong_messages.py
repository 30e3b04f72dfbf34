"""Wrong in what they do with messages."""

from asgi_stack.types import Message
from tests.testing.contract.wrong import is_body, is_last, is_start, lines, wrong_receive, wrong_send


@wrong_send("edits-no-response-message")
def edits_the_head(message: Message) -> Message:
    if is_start(message):
        message["reason"] = "made up"
    return message


@wrong_send("edits-no-response-message", kind="websocket")
def appends_to_the_header_list(message: Message) -> Message:
    if message["type"] == "websocket.accept":
        message["headers"].append((b"x-more", b"1"))
    return message


@wrong_receive("edits-no-request-message")
def marks_the_request(message: Message) -> Message:
    if message["type"] == "http.request":
        message["seen"] = True
    return message


@wrong_send("keeps-header-lines")
def makes_a_dict_of_headers(message: Message) -> Message:
    return {**message, "headers": [*dict(lines(message)).items()]} if is_start(message) else message


@wrong_send("keeps-header-lines")
def sorts_headers(message: Message) -> Message:
    return {**message, "headers": sorted(lines(message), reverse=True)} if is_start(message) else message


@wrong_send("sends-lower-case-names")
def adds_a_mixed_case_name(message: Message) -> Message:
    return {**message, "headers": [*lines(message), (b"X-Mixed", b"1")]} if is_start(message) else message


@wrong_send("lets-headers-be-absent")
def expects_headers(message: Message) -> Message:
    return {**message, "headers": [*message["headers"]]} if is_start(message) else message


@wrong_send("lets-headers-be-any-iterable")
def expects_a_list(message: Message) -> Message:
    return {**message, "headers": message.get("headers", []).copy()} if is_start(message) else message


@wrong_send("lets-headers-be-any-iterable")
def reads_an_iterator_up(message: Message) -> Message:
    if is_start(message):
        any(name == b"location" for name, _ in message.get("headers", ()))
    return message


@wrong_send("lets-optional-keys-be-absent")
def expects_a_body(message: Message) -> Message:
    return {**message, "body": message["body"]} if is_body(message) else message


@wrong_receive("lets-optional-keys-be-absent")
def expects_more_body(message: Message) -> Message:
    return {**message, "more_body": message["more_body"]} if message["type"] == "http.request" else message


@wrong_send("passes-unknown-messages")
def drops_what_it_does_not_know(message: Message) -> Message | None:
    return None if message["type"] == "http.response.made_up" else message


@wrong_receive("passes-unknown-messages")
def makes_something_else_of_it(message: Message) -> Message:
    known = message["type"] in ("http.request", "http.disconnect")
    return message if known else {"type": "http.disconnect"}


HEAD_KEYS = ("type", "status", "headers", "trailers")


@wrong_send("passes-unknown-keys")
def rebuilds_the_head(message: Message) -> Message:
    return {key: message[key] for key in HEAD_KEYS if key in message} if is_start(message) else message


@wrong_receive("passes-unknown-keys")
def rebuilds_the_request(message: Message) -> Message:
    if message["type"] != "http.request":
        return message
    return {
        "type": "http.request",
        "body": message.get("body", b""),
        "more_body": message.get("more_body", False),
    }


def dropping(name: str) -> None:
    def drop(message: Message) -> Message | None:
        return None if message["type"] == f"http.response.{name}" else message

    drop.__name__ = f"drops_{name}"
    check = {
        "early_hint": "early-hints",
        "pathsend": "path-send",
        "zerocopysend": "zero-copy-send",
    }.get(name, name)
    wrong_send(f"passes-{check}")(drop)


for extension in ("early_hint", "push", "trailers", "pathsend", "zerocopysend", "debug"):
    dropping(extension)


@wrong_send("keeps-the-response-body")
def shouts(message: Message) -> Message:
    return {**message, "body": message.get("body", b"").upper()} if is_body(message) else message


@wrong_receive("keeps-the-request-body")
def shouts_inward(message: Message) -> Message:
    if message["type"] != "http.request":
        return message
    return {**message, "body": message.get("body", b"").upper()}


@wrong_send("keeps-the-length-true", changes_body=True)
def changes_the_body_alone(message: Message) -> Message:
    return (
        {**message, "body": message["body"] + b"!"} if is_last(message) and message.get("body") else message
    )


@wrong_send("keeps-the-length-true", "leaves-head-responses-empty")
def says_the_length_twice(message: Message) -> Message:
    if not is_start(message):
        return message
    all_lines = lines(message)
    return {**message, "headers": all_lines + [line for line in all_lines if line[1] == b"4000"]}


@wrong_send("leaves-bodiless-responses-bodiless")
def says_a_length_always(message: Message) -> Message:
    if not is_start(message) or message["status"] != 204:
        return message
    return {**message, "headers": [*lines(message), (b"content-length", b"0")]}


@wrong_send("lets-headers-be-absent")
def drops_a_bare_head(message: Message) -> Message | None:
    return None if is_start(message) and "headers" not in message else message


@wrong_send("lets-optional-keys-be-absent")
def drops_a_bare_body(message: Message) -> Message | None:
    return None if is_body(message) and "body" not in message else message
