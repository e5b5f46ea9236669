import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { downloadFile, type Progress } from './download-file.ts';
import { digestFile } from './verify-file.ts';

export interface WheelOptions {
  readonly package: string;
  readonly version: string;
  /** A folder of ours for this package; removed when the file was taken out. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Of the download itself; pip's is bounded by the disk alone. */
  readonly bytesMax: number;
  onProgress(progress: Progress): void;
}

/** The index that pip asks when nobody told it another. */
const PUBLIC_INDEX = 'https://pypi.org';
const WATCH_MS = 500;

/** Brings a wheel by pip, so that its mirror settings hold; without pip through the index's JSON API. Gives its path. */
export async function downloadWheel(options: WheelOptions): Promise<string> {
  mkdirSync(options.folder, { recursive: true });
  for (const command of [['python3', '-m', 'pip'], ['pip']]) {
    const brought = await tryPip(command, options);
    if (brought.kind === 'done') return findWheel(options.folder);
    if (brought.kind === 'failed') throw new Error(brought.reason);
  }
  return await downloadFromIndex(options);
}

type Tried =
  | { readonly kind: 'done' }
  | { readonly kind: 'no-pip' }
  | { readonly kind: 'failed'; readonly reason: string };

function tryPip([program = '', ...words]: readonly string[], options: WheelOptions): Promise<Tried> {
  const inside = join(options.folder, 'pip');
  mkdirSync(inside, { recursive: true });
  const wanted = `${options.package}==${options.version}`;
  const child = spawn(
    program,
    [
      ...words,
      'download',
      '--quiet',
      '--no-deps',
      '--no-cache-dir',
      '--only-binary',
      ':all:',
      '--dest',
      options.folder,
      wanted,
    ],
    {
      // Its temporary files too: their growth is the only progress that pip shows a program.
      env: { ...options.environment, TMPDIR: inside, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  // Nobody would wait for it any more.
  const end = () => void child.kill();
  process.once('exit', end);
  const timer = setInterval(() => options.onProgress({ bytes: folderBytes(options.folder), total: null }), WATCH_MS);
  return new Promise((resolve) => {
    child.once('error', () => resolve({ kind: 'no-pip' }));
    child.once('exit', (code) => {
      if (code === 0) resolve({ kind: 'done' });
      else if (/No module named pip/.test(said)) resolve({ kind: 'no-pip' });
      else resolve({ kind: 'failed', reason: `pip could not bring ${wanted}: ${lastLine(said)}` });
    });
  }).finally(() => {
    clearInterval(timer);
    process.off('exit', end);
    rmSync(inside, { recursive: true, force: true });
  }) as Promise<Tried>;
}

/** Without addresses: a mirror's may carry a password. */
function lastLine(text: string): string {
  const line =
    text
      .trim()
      .split('\n')
      .filter((one) => /error/i.test(one))
      .at(-1) ?? 'no reason given';
  return line.replaceAll(/https?:\/\/\S+/g, 'the index');
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function findWheel(folder: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error('pip brought no wheel');
  return join(folder, name);
}

interface IndexEntry {
  readonly urls: readonly {
    readonly packagetype: string;
    readonly url: string;
    readonly filename: string;
    readonly digests: { readonly sha256: string };
  }[];
}

async function downloadFromIndex(options: WheelOptions): Promise<string> {
  const base = (options.environment.PIP_INDEX_URL ?? PUBLIC_INDEX).replace(/\/simple\/?$/, '').replace(/\/$/, '');
  const answer = await request(`${base}/pypi/${options.package}/${options.version}/json`);
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    throw new Error(`the package index answered with status ${answer.statusCode}`);
  }
  const { urls } = (await answer.body.json()) as IndexEntry;
  const wheel = urls.find((entry) => entry.packagetype === 'bdist_wheel');
  if (wheel === undefined) throw new Error('the package index has no wheel of this version');
  const path = join(options.folder, 'package.part');
  await downloadFile({
    url: new URL(wheel.url, base).href,
    part: path,
    bytesMax: options.bytesMax,
    onProgress: options.onProgress,
  });
  const { sha256 } = await digestFile(path);
  if (sha256 !== wheel.digests.sha256) {
    rmSync(path, { force: true });
    throw new Error('the wheel is not the one that the index names');
  }
  return path;
}
