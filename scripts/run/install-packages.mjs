import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Written last: what an interruption leaves behind has no stamp. */
const STAMP = 'node_modules/.polity-lock';
/** npm's own record of what it installed; written at the end of an installation. */
const RECORD = 'node_modules/.package-lock.json';

/** Makes `node_modules` what `package-lock.json` says. Reads two small files when it is already. */
export async function installPackages(root, stop) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const digest = createHash('sha256').update(`${process.platform}-${process.arch}\n`).update(lock).digest('hex');
  const stamp = join(root, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  if (!matchesRecord(root, JSON.parse(lock).packages)) {
    const why = existsSync(join(root, 'node_modules')) ? 'node_modules is older than package-lock.json' : 'first start';
    process.stderr.write(`installing packages with npm ci (${why}); about 400 MB, half a minute\n`);
    const startedMs = performance.now();
    const fault = await runNpm(root);
    if (fault !== null) stop(`npm ci failed: ${fault}; mend that and run the same command again`);
    process.stderr.write(`packages are installed (${((performance.now() - startedMs) / 1000).toFixed(0)} s)\n`);
  }
  try {
    writeFileSync(stamp, digest);
  } catch {
    // A read-only node_modules that is right: it is compared again next time.
  }
}

/** Whether somebody else, such as an image's build, has installed exactly this. */
function matchesRecord(root, wanted) {
  const path = join(root, RECORD);
  if (!existsSync(path)) return false;
  const found = JSON.parse(readFileSync(path, 'utf8')).packages;
  const isThere = ([name, entry]) => {
    if (name === '') return true;
    // Optional packages for other machines stay away.
    if (found[name] === undefined) return entry.optional === true && !isForThisMachine(entry);
    return found[name].version === entry.version && found[name].integrity === entry.integrity;
  };
  return Object.entries(wanted).every(isThere);
}

/** Packages with neither field are brought by others that have them. */
function isForThisMachine({ os, cpu, libc }) {
  if (os === undefined && cpu === undefined) return false;
  const fits = (list, value) => list === undefined || list.includes(value);
  return fits(os, process.platform) && fits(cpu, process.arch) && !libc?.includes('musl');
}

/** Runs the npm that runs us, else the one in the path. Null, or what it complained about, without addresses. */
function runNpm(root) {
  const own = process.env.npm_execpath;
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const [command, ...before] = own?.endsWith('.js') ? [process.execPath, own] : ['npm'];
  const child = spawn(command, [...before, ...words], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32' && before.length === 0,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-20_000);
  });
  return new Promise((resolve) => {
    child.once('error', (cause) => {
      resolve(cause.code === 'ENOENT' ? 'there is no npm in the path; it comes with Node' : cause.message);
    });
    child.once('close', (code) => resolve(code === 0 ? null : complaintOf(said, code)));
  });
}

function complaintOf(said, code) {
  const lines = said
    .replaceAll(/https?:\/\/\S+/g, '(the package registry)')
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !line.includes('complete log'));
  return lines.slice(0, 4).join('; ') || `it ended with ${code}`;
}
