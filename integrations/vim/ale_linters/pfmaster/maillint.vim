" ALE: maillint for Postfix's master.cf

call maillint#ale#Define('pfmaster')
