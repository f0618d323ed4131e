"""The language server: what maillint knows, where a configuration is written.

Each module answers one kind of question about a place in a configuration, in maillint's own words (sources,
spans, plain tuples), so that it is tested without an editor. :mod:`.app` alone speaks the language server
protocol, and imports pygls; :mod:`.wire` puts the answers into its words.

    documents    the open files, and which configuration each belongs to
    analysis     a configuration as it is in the editor now, and what maillint finds in it
    cursor       what the text before the cursor is about
    occurrences  where names of parameters, files and services stand
    pages        what is said of a parameter, a restriction, a rule, in Markdown
    diagnostics, actions, hover, completion, navigation, outline, tokens, hints
"""
