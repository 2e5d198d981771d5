"""Throughput and memory of resumable uploads: `make bench`."""
