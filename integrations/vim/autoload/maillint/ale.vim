" The linter maillint of ALE: judges the text of the buffer as it stands.

call ale#Set('maillint_executable', 'maillint')
call ale#Set('maillint_options', '')

function! maillint#ale#Define(filetype) abort
    call ale#linter#Define(a:filetype, {
    \   'name': 'maillint',
    \   'executable': {buffer -> ale#Var(buffer, 'maillint_executable')},
    \   'command': {buffer -> '%e check --format json --stdin-filename %s '
    \       . ale#Var(buffer, 'maillint_options') . ' -'},
    \   'callback': 'maillint#ale#Handle',
    \})
endfunction

function! maillint#ale#Handle(buffer, lines) abort
    if empty(a:lines)
        return []
    endif
    let l:findings = json_decode(join(a:lines, ''))['findings']
    return map(l:findings, {_, finding -> s:Item(a:buffer, finding)})
endfunction

function! s:Item(buffer, finding) abort
    let l:item = {
    \   'lnum': a:finding.start.line,
    \   'col': s:Bytes(a:buffer, a:finding.start) + 1,
    \   'end_lnum': a:finding.end.line,
    \   'end_col': s:Bytes(a:buffer, a:finding.end),
    \   'type': toupper(a:finding.severity[0]),
    \   'code': a:finding.rule,
    \   'text': a:finding.message,
    \}
    if a:finding.mend isnot v:null
        let l:item.detail = a:finding.message . "\n\nMend: " . a:finding.mend
    endif
    return l:item
endfunction

" How many bytes of the line stand before the place, whose column counts characters from 1.
function! s:Bytes(buffer, place) abort
    let l:line = get(getbufline(a:buffer, a:place.line), 0, '')
    let l:bytes = byteidx(l:line, a:place.column - 1)
    return l:bytes < 0 ? strlen(l:line) : l:bytes
endfunction
