/**
 * The command line: one file for each command, thin clients of the control socket.
 * Promises: one clear line on standard error and an exit code for every failure; `--json` where a program reads.
 * Called by: main.ts. Spec: `./polity help <command>`.
 */
export { runCli } from './main.ts';
