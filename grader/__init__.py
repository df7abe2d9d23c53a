"""Exercises and an automated grader for transfer learning."""

VERSION = "0.1.0"
