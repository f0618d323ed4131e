"""Who can reach the SMTP servers, and who may send mail through them."""
