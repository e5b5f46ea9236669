import { readdir, readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kit/index.ts';

/** Nothing from elsewhere, no inline script, no frame around it. A picture may be `data:`: the empty icon is one. */
export const secured = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
} as const;

/** Addresses of the one page; `web/app.tsx` shows what belongs to each. */
const pages = ['/', '/c/:id', '/conversations', '/record', '/record/*', '/console', '/console/*'];
const plainPages = ['/privacy', '/accessibility', '/help'];

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** The built web: one page that is asked for anew, and files whose names change with their content. */
export function webRoutes(app: FastifyInstance, folder: URL): void {
  // Read once: a build that replaces the files under a running process must not mix two versions.
  let files: ReadonlyMap<string, Buffer> = new Map();
  app.addHook('onReady', async () => {
    files = await readAll(folder);
  });

  for (const path of [...pages, ...plainPages]) {
    app.get(path, async (request, reply) => {
      const page = choose(request, 'index.html', files);
      if (page === null) throw new Problem('not-found', 'the web was not built; start the service with `npm start`');
      return send(reply.headers(secured).header('cache-control', 'no-cache').type('text/html; charset=utf-8'), page);
    });
  }

  app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const { name } = request.params;
    const type = types[name.slice(name.lastIndexOf('.') + 1)];
    const file = type !== undefined && /^[\w.-]+$/.test(name) ? choose(request, `assets/${name}`, files) : null;
    if (type === undefined || file === null)
      throw new Problem('not-found', 'there is no such file; load the page again');
    reply.headers(secured).header('cache-control', 'public, max-age=31536000, immutable');
    return send(reply.type(type), file);
  });
}

interface Chosen {
  readonly bytes: Buffer;
  readonly coding: string | null;
}

/** Empty where nothing was built. */
async function readAll(folder: URL): Promise<Map<string, Buffer>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = new Map<string, Buffer>();
  for (const name of names.filter((one) => /\.\w+$/.test(one))) {
    files.set(name.replaceAll('\\', '/'), await readFile(new URL(name, folder)));
  }
  return files;
}

/** The smallest form that the browser takes. */
function choose(request: FastifyRequest, name: string, files: ReadonlyMap<string, Buffer>): Chosen | null {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  for (const [coding, ending] of codings) {
    const bytes = files.get(`${name}${ending}`);
    if (bytes !== undefined && accepts(accepted, coding)) return { bytes, coding };
  }
  const bytes = files.get(name);
  return bytes === undefined ? null : { bytes, coding: null };
}

const codings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

function accepts(accepted: string, coding: string): boolean {
  return accepted.split(',').some((part) => {
    const [name, quality = 'q=1'] = part.trim().split(/\s*;\s*/);
    return name === coding && !/^q=0(\.0*)?$/.test(quality);
  });
}

function send(reply: FastifyReply, { bytes, coding }: Chosen): FastifyReply {
  reply.header('vary', 'accept-encoding');
  if (coding !== null) reply.header('content-encoding', coding);
  return reply.send(bytes);
}
