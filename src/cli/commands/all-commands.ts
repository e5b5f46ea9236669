import type { Command } from '../command.ts';
import { adminCommands } from './admin.ts';
import { charterCommands } from './charter.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { initCommand } from './init.ts';
import { keysCommands } from './keys.ts';
import { knowledgeCommands } from './knowledge.ts';
import { logCommands } from './log.ts';
import { modelsCommands } from './models.ts';
import { restartCommand } from './restart.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { usageCommand } from './usage.ts';
import { verifyCommand } from './verify.ts';

/** In the order in which `./polity help` lists them. */
export const allCommands: readonly Command[] = [
  startCommand,
  stopCommand,
  restartCommand,
  statusCommand,
  doctorCommand,
  initCommand,
  ...charterCommands,
  ...knowledgeCommands,
  ...modelsCommands,
  ...keysCommands,
  usageCommand,
  ...adminCommands,
  verifyCommand,
  ...logCommands,
  completionCommand(() => allCommands),
];
