import { resolve } from 'node:path';
import { Problem, readEnvironment } from '../../kit/index.ts';
import { type Command, type CommandContext, jsonOption, NothingRuns } from '../command.ts';
import { examineCharter } from '../doctor/examine-charter.ts';
import { examineData, examineKeys } from '../doctor/examine-data.ts';
import { examineClock, examineInstance } from '../doctor/examine-instance.ts';
import { examineDatabase, examinePort } from '../doctor/examine-network.ts';
import { examineLibraries, examineNode, examinePackages, examinePlatform } from '../doctor/examine-packages.ts';
import { examineTelemetry } from '../doctor/examine-telemetry.ts';
import { type Examination, type Finding, fail, type Patient } from '../doctor/finding.ts';

const examinations: readonly Examination[] = [
  examineNode,
  examinePackages,
  examinePlatform,
  examineLibraries,
  examineData,
  examineKeys,
  examinePort,
  examineCharter,
  examineDatabase,
  examineTelemetry,
  examineInstance,
  examineClock,
];

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look at everything that a start needs, and say how to mend what is wrong; changes nothing',
  usage: ['doctor [--json]'],
  examples: ['./polity doctor', './polity doctor --json | jq \'.findings[] | select(.state != "ok")\''],
  options: { json: jsonOption },
  wordsMax: 0,
  exitCodes: { 0: 'nothing fails', 1: 'something fails', 2: 'the command line is wrong' },
  run: async (context) => {
    const findings = await examineAll(context);
    const isSound = findings.every(({ state }) => state !== 'fail');
    if (context.options.json === true) context.output.out(JSON.stringify({ sound: isSound, findings }, null, 2));
    else for (const finding of findings) context.output.out(formatFinding(finding));
    return isSound ? 0 : 1;
  },
};

async function examineAll({ environment, ask }: CommandContext): Promise<Finding[]> {
  const settings = readEnvironment(environment);
  const root = resolve(import.meta.dirname, '../../..');
  const findings: Finding[] = [];
  let running: Patient['running'] = null;
  try {
    running = (await ask('status', {})) as { url: string };
  } catch (cause) {
    if (cause instanceof Problem) findings.push(fail(cause.detail, 'look at its log; `./polity stop` and start again'));
    else if (!(cause instanceof NothingRuns)) throw cause;
  }
  for (const examine of examinations) findings.push(...(await look(examine, { root, settings, environment, running })));
  return findings;
}

/** What cannot even be looked at is a finding too; the others are looked at all the same. */
async function look(examine: Examination, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await examine(patient);
  } catch (cause) {
    return [fail(`${examine.name} could not look: ${(cause as Error).message}`, 'give this user the right to read it')];
  }
}

function formatFinding({ state, what, mend }: Finding): string {
  return `${state.padEnd(4)}  ${what}${mend === null ? '' : `  →  ${mend}`}`;
}
