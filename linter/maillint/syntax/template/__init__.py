"""Configurations that a template language fills in, read without rendering them.

A scanner for each language finds its *tags* in the text. What the parser gets is a text of the same length
in which every tag is masked: what it puts into a value is :data:`~maillint.syntax.source.OPAQUE` there, and
lines that hold nothing but tags are comments. So all offsets stay those of the file.

What stands between the tags of a block, such as ``{% if %}`` and ``{% endif %}``, may be there or not. A
*variant* of the text takes one branch of each block; the lines of the others are masked as comments.
"""
