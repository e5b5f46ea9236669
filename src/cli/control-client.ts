import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { Problem, type ProblemBody, type ProblemCode, problems, runFolder } from '../kit/index.ts';
import { NothingRuns } from './command.ts';

/** Where the running instance of a data folder listens for commands. */
export function controlSocketOf(dataDir: string): string {
  return runFolder(dataDir, { temporaryFolder: tmpdir(), user: process.getuid?.() ?? 0 }).controlSocket;
}

/** `POST /<name>` on the control socket. @throws NothingRuns, or the Problem that the instance answers with */
export async function askControl(dataDir: string, name: string, body: unknown): Promise<unknown> {
  const { status, text } = await post(controlSocketOf(dataDir), name, JSON.stringify(body ?? {})).catch(
    (cause: NodeJS.ErrnoException) => {
      // A socket that a killed instance left behind refuses; a missing one does not exist.
      if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') throw new NothingRuns(dataDir);
      if (cause.code === 'EACCES') {
        throw new Problem('forbidden', `only the user that runs ${dataDir} may command it; run this as that user`);
      }
      throw new Problem('internal', `the instance on ${dataDir} broke off: ${cause.message}`, { cause });
    },
  );
  const answer = readAnswer(text);
  if (status < 400) return answer;
  throw toProblem(answer as Partial<ProblemBody>);
}

function post(socketPath: string, name: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: `/${name}`, method: 'POST', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('internal', 'the instance answered with something that is not JSON; is it of this version?', {
      cause,
    });
  }
}

function toProblem({ code, detail, error }: Partial<ProblemBody>): Problem {
  const known: ProblemCode = code !== undefined && Object.hasOwn(problems, code) ? code : 'internal';
  const param = error?.param;
  return new Problem(known, detail ?? 'the instance gave no reason', typeof param === 'string' ? { param } : {});
}
