"""Postfix's log: from the line of a bounce to its cause.

The modules read the log and know no configuration; only :mod:`maillint.log.explain` holds what was found
against one.
"""
