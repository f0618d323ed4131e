"""What Postfix and the programs around it say of each other: Dovecot, OpenDKIM, OpenDMARC, rspamd, PHP."""
