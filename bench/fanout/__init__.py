"""Delivery to many sockets: `make bench`."""
