import { connect, createServer } from 'node:net';
import { type Finding, fail, ok, type Patient } from './finding.ts';

const PATIENCE_MS = 5_000;
/** Length 8 and the code of an SSLRequest: every PostgreSQL answers it with `S` or `N`. Source: its protocol, version 3. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** The port is free, or it is ours already. */
export async function examinePort({ settings: { port, host }, running }: Patient): Promise<Finding[]> {
  if (running !== null) return [ok(`port ${port}: the instance on this data folder runs`)];
  const fault = await tryPort(port, host);
  if (fault === null) return [ok(`port ${port} is free`)];
  if (fault === 'EADDRINUSE')
    return [fail(`port ${port} is taken by another program`, `end it, or set PORT=${port + 1}`)];
  if (fault === 'EACCES') return [fail(`this user may not use port ${port}`, 'set PORT=8080')];
  return [fail(`${host} port ${port} cannot be used (${fault})`, 'set HOST to an address of this machine')];
}

function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? cause.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** Whether a PostgreSQL answers where DATABASE_URL points to; it is not signed in to. */
export async function examineDatabase({ settings: { databaseUrl } }: Patient): Promise<Finding[]> {
  if (databaseUrl === null) return [ok('the database is the embedded PostgreSQL')];
  const place = readPlace(databaseUrl);
  if (place === null)
    return [fail('DATABASE_URL is no address', 'write it like postgres://user:password@host:5432/name')];
  const fault = await askPostgres(place);
  const name = `${place.host}:${place.port}`;
  if (fault === null) return [ok(`a PostgreSQL answers on ${name}`)];
  return [
    fail(`no PostgreSQL answers on ${name} (${fault})`, 'check the address in DATABASE_URL, and that the server runs'),
  ];
}

function readPlace(text: string): { host: string; port: number } | null {
  try {
    const url = new URL(text);
    if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') return null;
    // libpq's way to name a folder of sockets or another host.
    return { host: url.searchParams.get('host') ?? (url.hostname || 'localhost'), port: Number(url.port || 5432) };
  } catch {
    return null;
  }
}

function askPostgres({ host, port }: { host: string; port: number }): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect({ path: `${host}/.s.PGSQL.${port}` }) : connect({ host, port });
    const end = (fault: string | null) => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(PATIENCE_MS, () => end('no answer'));
    socket.once('error', (cause: NodeJS.ErrnoException) => end(cause.code ?? cause.message));
    socket.once('close', () => end('it hung up'));
    socket.once('data', (said) => end(said[0] === 0x53 || said[0] === 0x4e ? null : 'something else answers'));
    socket.once('connect', () => socket.write(SSL_REQUEST));
  });
}
