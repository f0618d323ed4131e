"""Settings of Postfix that stand in files of other kinds: shell scripts, Dockerfiles, data of other tools.

A reader finds them and puts them together as the text of a main.cf or master.cf, an
:class:`~.extract.Extract`, of which every character knows where it stands in the file.
"""
