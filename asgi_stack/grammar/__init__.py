"""One linear-time parser for each grammar of a header field: total, and without regular expressions."""
