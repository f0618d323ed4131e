"""The access lists of smtpd(8): their words, the order of these, and what they ask."""
