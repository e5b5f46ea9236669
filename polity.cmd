@node "%~dp0scripts\run.mjs" cli %*
