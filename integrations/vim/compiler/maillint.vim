" Vim compiler file: maillint, which checks Postfix's main.cf and master.cf
" :compiler maillint, then :make fills the quickfix list.

if exists('current_compiler')
    finish
endif
let current_compiler = 'maillint'

CompilerSet makeprg=maillint\ check\ --format\ concise\ %:S
" The last line of its output counts the findings.
CompilerSet errorformat=%f:%l:%c:\ %t%*[a-z]:\ %m,%-G%*[a-z0-9\\,\ ]\ configuration%.%#
