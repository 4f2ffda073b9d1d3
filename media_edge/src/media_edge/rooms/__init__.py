"""One contact's room, and the worker that keeps all of them."""
