-- nvim-lint: maillint for Postfix's main.cf and master.cf; judges the text of the buffer as it stands.

local severities = {
  error = vim.diagnostic.severity.ERROR,
  warning = vim.diagnostic.severity.WARN,
  info = vim.diagnostic.severity.INFO,
}

-- The line and column of a place, from 0 and in bytes; maillint counts from 1 and in characters.
local function position(bufnr, place)
  local row = place.line - 1
  local line = vim.api.nvim_buf_get_lines(bufnr, row, row + 1, false)[1] or ''
  local bytes = vim.fn.byteidx(line, place.column - 1)
  return row, bytes < 0 and #line or bytes
end

local function diagnostic(bufnr, finding)
  local lnum, col = position(bufnr, finding.start)
  local end_lnum, end_col = position(bufnr, finding['end'])
  local message = finding.message
  if type(finding.mend) == 'string' then
    message = message .. '\nMend: ' .. finding.mend
  end
  return {
    bufnr = bufnr,
    lnum = lnum,
    col = col,
    end_lnum = end_lnum,
    end_col = end_col,
    severity = severities[finding.severity],
    code = finding.rule,
    source = 'maillint',
    message = message,
  }
end

return {
  cmd = 'maillint',
  stdin = true,
  args = {
    'check',
    '--format',
    'json',
    '--stdin-filename',
    function()
      return vim.api.nvim_buf_get_name(0)
    end,
    '-',
  },
  stream = 'stdout',
  ignore_exitcode = true,
  parser = function(output, bufnr)
    if output == '' then
      return {}
    end
    return vim.tbl_map(function(finding)
      return diagnostic(bufnr, finding)
    end, vim.json.decode(output).findings)
  end,
}
