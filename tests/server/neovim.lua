-- Runs in Neovim: opens a main.cf with the language server, and writes down what its own client makes of it.
-- Arguments come by the environment: MAILLINT, the program; ANSWERS, the file to write.

local answers = {}
local buffer = vim.api.nvim_get_current_buf()

local client = vim.lsp.start_client({
  name = "maillint",
  cmd = { vim.env.MAILLINT, "server" },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(buffer, client)

local function wait_for(condition)
  if not vim.wait(20000, condition, 50) then
    error("waited in vain")
  end
end

local function found()
  return vim.tbl_map(function(diagnostic)
    return { code = diagnostic.code, line = diagnostic.lnum, column = diagnostic.col, last = diagnostic.end_col }
  end, vim.diagnostic.get(buffer))
end

local function ask(method, params)
  local result = vim.lsp.buf_request_sync(buffer, method, params, 20000)
  return result[client].result
end

local function run()
  wait_for(function() return #vim.diagnostic.get(buffer) > 0 end)
  answers.found = found()

  vim.api.nvim_win_set_cursor(0, { 2, 18 })
  local place = vim.lsp.util.make_position_params(0, "utf-16")
  answers.hover = ask("textDocument/hover", place).contents.value
  answers.definition = ask("textDocument/definition", place)[1].range.start.line

  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  local range = vim.lsp.util.make_range_params(0, "utf-16")
  range.context = { diagnostics = {} }
  for _, action in ipairs(ask("textDocument/codeAction", range)) do
    if action.isPreferred then
      vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
      break
    end
  end
  answers.text = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
  local before = vim.inspect(answers.found)
  wait_for(function() return vim.inspect(found()) ~= before end)
  answers.left = found()
end

local fine, problem = pcall(run)
answers.problem = not fine and tostring(problem) or nil
local file = io.open(vim.env.ANSWERS, "w")
file:write(vim.json.encode(answers))
file:close()
vim.cmd("qall!")
