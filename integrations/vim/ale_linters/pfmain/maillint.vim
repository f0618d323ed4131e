" ALE: maillint for Postfix's main.cf

call maillint#ale#Define('pfmain')
