import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/** PKWARE APPNOTE 6.3.10: signatures and fixed sizes of the three records that are read. */
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;
const ZIP64_MARK = 0xffffffff;

interface Member {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Takes one named member out of a zip archive, and nothing else. @throws Error that says what is wrong with the archive */
export async function extractMember(archive: string, name: string, target: string): Promise<void> {
  const file = await open(archive, 'r');
  try {
    const member = await findMember(file, name);
    const local = await readAt(file, member.offset, LOCAL_BYTES);
    const start = member.offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) throw new Error('the directory of the archive is damaged');
    if (start + member.packed > (await file.stat()).size) throw new Error('the archive is cut');
    const packed = file.createReadStream({
      start,
      end: start + member.packed - 1,
      autoClose: false,
      highWaterMark: 1 << 20,
    });
    const out = createWriteStream(target, { flags: 'w', mode: 0o644 });
    if (member.method === STORED) await pipeline(packed, bounded(member.size), out);
    else await pipeline(packed, createInflateRaw(), bounded(member.size), out);
  } finally {
    await file.close();
  }
}

/** A member that unpacks to more than it says is no honest archive. */
function bounded(size: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > size) throw new Error('the archive unpacks to more than it says');
      yield chunk;
    }
    if (length !== size) throw new Error('the archive is cut');
  };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the archive is cut');
  return buffer;
}

async function findMember(file: FileHandle, name: string): Promise<Member> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + MAX_COMMENT);
  const tail = await readAt(file, size - tailBytes, tailBytes);
  let at = tail.length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END_SIGNATURE) at--;
  if (at < 0) throw new Error('this is no zip archive, or it is cut');
  const directoryBytes = tail.readUInt32LE(at + 12);
  const directoryAt = tail.readUInt32LE(at + 16);
  if (directoryAt + directoryBytes > size) throw new Error('the directory of the archive is damaged');
  const directory = await readAt(file, directoryAt, directoryBytes);
  for (let entry = 0; entry + CENTRAL_BYTES <= directory.length; ) {
    if (directory.readUInt32LE(entry) !== CENTRAL_SIGNATURE) throw new Error('the directory of the archive is damaged');
    const nameBytes = directory.readUInt16LE(entry + 28);
    if (directory.toString('utf8', entry + CENTRAL_BYTES, entry + CENTRAL_BYTES + nameBytes) === name)
      return memberAt(directory, entry);
    entry += CENTRAL_BYTES + nameBytes + directory.readUInt16LE(entry + 30) + directory.readUInt16LE(entry + 32);
  }
  throw new Error(`the archive has no \`${name}\``);
}

function memberAt(directory: Buffer, entry: number): Member {
  const member = {
    method: directory.readUInt16LE(entry + 10),
    packed: directory.readUInt32LE(entry + 20),
    size: directory.readUInt32LE(entry + 24),
    offset: directory.readUInt32LE(entry + 42),
  };
  if ([member.packed, member.size, member.offset].includes(ZIP64_MARK))
    throw new Error('archives above 4 GB are not read; take the file out by hand and set POLITY_MODEL');
  if (member.packed === 0) throw new Error('that member of the archive is empty');
  if (member.method !== STORED && member.method !== DEFLATED)
    throw new Error(`the archive uses the packing method ${member.method}, which is not read`);
  return member;
}
