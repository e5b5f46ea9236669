import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AssistantDesk, Guest } from '../../assistant/index.ts';
import { nothingHere } from '../../assistant/index.ts';

const COOKIE = 'polity_guest';

export interface GuestDoor {
  readonly desk: AssistantDesk;
  /** Whether the cookie travels over TLS only. */
  readonly isSecure: boolean;
}

/** The guest behind the cookie, or null. A signed-in session of the console is another cookie and opens nothing here. */
export function findGuest(request: FastifyRequest, { desk }: GuestDoor): Promise<Guest | null> {
  return desk.findGuest(readSecret(request));
}

/** @throws Problem `not-found`: without a guest session everything is somebody else's */
export async function needGuest(request: FastifyRequest, door: GuestDoor): Promise<Guest> {
  const guest = await findGuest(request, door);
  if (guest === null) throw nothingHere();
  return guest;
}

/** The guest behind the cookie, or a new one. Only for methods that change something: a GET makes nobody. */
export async function takeGuest(request: FastifyRequest, reply: FastifyReply, door: GuestDoor): Promise<Guest> {
  const found = await findGuest(request, door);
  if (found !== null) {
    renewCookie(request, reply, door);
    return found;
  }
  const { guest, secret } = await door.desk.openGuest();
  reply.header('set-cookie', cookie(secret, door.desk.cookieSeconds(), door));
  return guest;
}

/** The browser keeps it as long again: a question begins the time of its conversation anew. */
export function renewCookie(request: FastifyRequest, reply: FastifyReply, door: GuestDoor): void {
  reply.header('set-cookie', cookie(readSecret(request), door.desk.cookieSeconds(), door));
}

export function dropCookie(reply: FastifyReply, door: GuestDoor): void {
  reply.header('set-cookie', cookie('', 0, door));
}

function cookie(secret: string, maxAgeSeconds: number, { isSecure }: GuestDoor): string {
  const text = `${COOKIE}=${secret}; HttpOnly; SameSite=Lax; Path=/api; Max-Age=${maxAgeSeconds}`;
  return isSecure ? `${text}; Secure` : text;
}

function readSecret(request: FastifyRequest): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined) return value;
  }
  return '';
}
