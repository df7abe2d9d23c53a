"""What each command of ``grade`` does, in files named like those of ``grader.cli``."""
