" Vim knows main.cf as pfmain, and master.cf as nothing.
autocmd BufNewFile,BufRead master.cf setfiletype pfmaster
