"""Sets up and runs the product on one machine: what the commands in ``bin/`` share.

Needs nothing but the standard library of Python 3.11, because it runs before anything is installed.
"""
