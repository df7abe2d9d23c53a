"""Mutations of what workers send and learners hand in, and what has to hold for every one of them."""
