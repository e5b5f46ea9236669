import { connect } from 'node:net';
import type { Backend, Charter } from '../../charter/schema.ts';
import { isOwnHost, lackOfSecret } from '../../inference/index.ts';
import { type Finding, ok, type Patient, warn } from './finding.ts';

const PATIENCE_MS = 3_000;

/**
 * Whether there is something to ask backends with, and something that answers at their addresses. A connection is opened and closed
 * again: no byte is sent. Nothing here fails a start, for the others of the legal set serve.
 */
export async function examineBackends(charter: Charter, patient: Patient): Promise<Finding[]> {
  const findings = await Promise.all(charter.backends.map((backend) => examineBackend(backend, patient)));
  return findings.flat();
}

async function examineBackend(backend: Backend, patient: Patient): Promise<Finding[]> {
  const secrets = [backend.key, backend.keyId].filter((reference) => reference !== undefined);
  const lacking = secrets.flatMap((reference) => examineSecret(backend.id, reference, patient));
  if (backend.url === undefined) return lacking;
  return [...lacking, await examineAddress(backend, new URL(backend.url))];
}

/** A running instance has the environment of its own start, so that this one says nothing of it. */
function examineSecret(id: string, reference: string, { environment, running }: Patient): Finding[] {
  const isVariable = reference.startsWith('env:');
  if (isVariable && running !== null) return [];
  const lack = lackOfSecret(reference, environment);
  if (lack === null) return [];
  const mend = isVariable
    ? 'set it before `npm start`; it is read then'
    : 'write the key into it, readable by the user of the service';
  return [warn(`backend ${id}: ${lack}`, mend)];
}

async function examineAddress({ id, allowPrivateAddress }: Backend, url: URL): Promise<Finding> {
  const place = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
  if (isOwnHost(url.hostname) && !allowPrivateAddress)
    return warn(
      `backend ${id}: ${url.hostname} lies inside your network, and its entry does not allow that; nothing is sent there`,
      'write `allowPrivateAddress: true` in backends.yaml',
    );
  const fault = await tryConnect(url);
  if (fault === null) return ok(`backend ${id} answers on ${place}`);
  return warn(`backend ${id}: nothing answers on ${place} (${fault})`, 'start it, or correct `url` in backends.yaml');
}

function tryConnect({ hostname, port, protocol }: URL): Promise<string | null> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
    const end = (fault: string | null) => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(PATIENCE_MS, () => end('no answer'));
    socket.once('error', (cause: NodeJS.ErrnoException) => end(cause.code ?? cause.message));
    socket.once('connect', () => end(null));
  });
}
