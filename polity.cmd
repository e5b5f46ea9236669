@node "%~dp0scripts\run.mjs" polity %*
