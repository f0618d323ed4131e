"""How the files of each template language are called. (What reads them is imported when there is one.)"""

SUFFIXES = {
    "jinja": (".j2", ".jinja", ".jinja2"),
    "erb": (".erb", ".epp"),
    "go": (".gotmpl", ".gtpl", ".ctmpl"),
    "mustache": (".mustache", ".hbs", ".handlebars"),
    "placeholder": (".in", ".envsubst"),
}
"""By the name of the language."""

OF_SOME_LANGUAGE = (".tmpl", ".tpl", ".template")

ALL = (*OF_SOME_LANGUAGE, *(suffix for suffixes in SUFFIXES.values() for suffix in suffixes))
