"""What `AsyncStackClient` is made of: the test client of Django with a stack in its middle."""
