import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { charterVariant, servedBy } from '../../test/charter-variant.ts';
import { freePort, type RunningPolity, root, startPolity, stopChild } from '../../test/start-polity.ts';
import { findCommand, findLitellm, findPortkey } from './peers.ts';
import { processTree } from './process-cpu.ts';
import { type Part, startScript, startServer } from './start-parts.ts';
import type { Skipped, Subject } from './subject.ts';

export interface StartWish {
  readonly upstreamPort: number;
  /** Folder of what was installed on demand. */
  readonly cache: string;
}

const PATH = '/v1/chat/completions';
const SECRET = 'sk-bench';

/** In the order in which the tables show them. */
export const starters: Readonly<Record<string, (wish: StartWish) => Promise<Subject | Skipped>>> = {
  direct: async ({ upstreamPort }) => ({
    name: 'direct',
    port: upstreamPort,
    path: PATH,
    headers: {},
    pids: [],
    root: null,
    stop: async () => {},
  }),
  nginx: startNginx,
  bare: async ({ upstreamPort }) =>
    subjectOf('bare', await startScript('gateway/bare-forwarder.ts', { UPSTREAM_PORT: String(upstreamPort) })),
  Portkey: startPortkey,
  LiteLLM: startLitellm,
  Polity: startOwn,
};

function subjectOf(name: string, part: Part, more: Partial<Subject> = {}): Subject {
  const pid = part.child.pid as number;
  return {
    name,
    port: part.port,
    path: PATH,
    headers: { authorization: `Bearer ${SECRET}` },
    pids: [pid],
    root: pid,
    stop: async () => {
      await stopChild(part.child);
    },
    ...more,
  };
}

async function startNginx({ upstreamPort }: StartWish): Promise<Subject | Skipped> {
  const command = findCommand('nginx');
  if (command === null) return { name: 'nginx', skipped: 'no `nginx` here; on Debian: apt-get install nginx-light' };
  const folder = await mkdtemp(join(tmpdir(), 'polity-nginx-'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${kind};`);
  // One process, which is the one worker. Bodies stay in memory.
  const config = `
    daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log stderr error;
    events { worker_connections 4096; }
    http {
      access_log off; ${temporary.join(' ')}
      client_max_body_size 16m; client_body_buffer_size 256k; proxy_buffers 16 64k; proxy_buffer_size 64k;
      proxy_busy_buffers_size 128k; keepalive_requests 100000000; keepalive_timeout 1h; tcp_nodelay on;
      upstream model { server 127.0.0.1:${upstreamPort}; keepalive 512; keepalive_requests 100000000; }
      server {
        listen 127.0.0.1:${port} backlog=2048;
        location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`;
  await writeFile(join(folder, 'nginx.conf'), config);
  const words = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
  const part = await startServer({ command, words, port, readyPath: '/', patienceMs: 10_000 });
  return subjectOf('nginx', part, {
    async stop() {
      await stopChild(part.child);
      await rm(folder, { recursive: true, force: true });
    },
  });
}

async function startPortkey({ upstreamPort, cache }: StartWish): Promise<Subject | Skipped> {
  const found = findPortkey(cache);
  if ('skipped' in found) return { name: 'Portkey', skipped: found.skipped };
  const port = await freePort();
  const preload = pathToFileURL(join(root, 'bench/gateway/portkey-preload.ts')).href;
  const part = await startServer({
    command: process.execPath,
    words: ['--import', preload, found.path, `--port=${port}`, '--headless'],
    environment: { NODE_ENV: 'production' },
    port,
    readyPath: '/',
    patienceMs: 30_000,
  });
  const headers = {
    authorization: `Bearer ${SECRET}`,
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
  };
  return subjectOf('Portkey', part, { headers });
}

async function startLitellm({ upstreamPort, cache }: StartWish): Promise<Subject | Skipped> {
  const found = findLitellm(cache);
  if ('skipped' in found) return { name: 'LiteLLM', skipped: found.skipped };
  const folder = await mkdtemp(join(tmpdir(), 'polity-litellm-'));
  const config = {
    model_list: [
      {
        model_name: 'auto',
        litellm_params: { model: 'openai/bench', api_base: `http://127.0.0.1:${upstreamPort}/v1`, api_key: 'none' },
      },
    ],
    general_settings: { master_key: SECRET },
    litellm_settings: { telemetry: false },
  };
  // JSON is YAML.
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
  const port = await freePort();
  const part = await startServer({
    command: found.path,
    words: ['--config', join(folder, 'config.yaml'), '--host', '127.0.0.1', '--port', String(port)],
    environment: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR', LITELLM_MODE: 'PRODUCTION' },
    folder,
    port,
    readyPath: '/health/liveliness',
    patienceMs: 180_000,
  });
  return subjectOf('LiteLLM', part, {
    pids: processTree(part.child.pid as number),
    async stop() {
      await stopChild(part.child);
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** The whole of Polity, with policy, budget and audit, as `npm start` runs it. */
async function startOwn({ upstreamPort }: StartWish): Promise<PolitySubject> {
  const preload = pathToFileURL(join(root, 'bench/gateway/profile-preload.ts')).href;
  const profiles = await mkdtemp(join(tmpdir(), 'polity-profiles-'));
  const polity = await startPolity({
    charter: await charterVariant(servedBy(`http://127.0.0.1:${upstreamPort}/v1`)),
    environment: {
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`.trim(),
      POLITY_BENCH_PROFILES: profiles,
    },
  });
  const part = { child: polity.child, port: polity.port };
  const subject = subjectOf('Polity', part, {
    headers: { authorization: `Bearer ${polity.apiKey}` },
    pids: findGateways(polity.child.pid as number),
    async stop() {
      await polity.dispose();
      await rm(profiles, { recursive: true, force: true });
    },
  });
  return { ...subject, polity, profiles };
}

export interface PolitySubject extends Subject {
  readonly polity: RunningPolity;
  /** Folder into which a gateway writes its CPU profile after the second SIGUSR2. */
  readonly profiles: string;
}

/** Processes of Polity name their role in their title. */
export function findGateways(root: number): readonly number[] {
  const found = processTree(root).filter((pid) => roleOf(pid) === 'gateway');
  if (found.length === 0) throw new Error('no gateway process in the tree');
  return found;
}

/** As the title says it, such as `gateway` of `polity-gateway`; empty for what is none of Polity's. */
export function roleOf(pid: number): string {
  try {
    return /^polity-(\w+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
