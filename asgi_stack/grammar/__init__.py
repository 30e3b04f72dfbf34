"""One linear-time parser for each grammar of a header field: total, and without regular expressions.

The hosts and the paths that a project writes have one grammar each too: `HostPatterns` and `PathPrefixes`.
"""
