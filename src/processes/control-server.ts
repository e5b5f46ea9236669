import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { Problem, problemBody } from '../kit/index.ts';

/** What the control socket answers at `POST /<name>`, and at `GET /<name>` without a body. */
export type ControlRoutes = Readonly<Record<string, (body: unknown) => Promise<unknown>>>;

const BODY_BYTES_MAX = 1_000_000;

/** JSON over a Unix socket. Whoever can open the socket owns the data folder; there is no other sign-in. */
export async function startControl(socketPath: string, routes: ControlRoutes): Promise<{ close(): void }> {
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    run(routes, name, request).then(
      (answer) => send(200, answer ?? {}),
      (thrown) => {
        const problem = thrown instanceof Problem ? thrown : new Problem('internal', (thrown as Error).message);
        send(problem.status, problemBody(problem, 'control'));
      },
    );
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(socketPath, { force: true });
    },
  };
}

async function run(routes: ControlRoutes, name: string, request: IncomingMessage): Promise<unknown> {
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route === undefined)
    throw new Problem('not-found', `this instance has no command \`${name}\`; both sides must be of one version`);
  return await route(await readJson(request));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > BODY_BYTES_MAX) throw new Problem('body-too-large', 'the command is too long');
  }
  return text === '' ? {} : JSON.parse(text);
}
