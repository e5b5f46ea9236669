/** Given to each process of Polity through NODE_OPTIONS: SIGUSR2 starts a CPU profile of a gateway, the next one ends it. */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const folder = process.env.POLITY_BENCH_PROFILES;
/** Microseconds between two samples: costs about a hundredth of the CPU. */
const INTERVAL_MICROS = 500;

if (folder !== undefined && process.argv.at(-1) === (process.env.POLITY_PROFILE_ROLE ?? 'gateway')) {
  let session: Session | null = null;
  process.on('SIGUSR2', () => {
    if (session === null) {
      session = new Session();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROS });
      session.post('Profiler.start');
      return;
    }
    const ending = session;
    session = null;
    ending.post('Profiler.stop', (fault, result) => {
      const path = join(folder, `${process.pid}.cpuprofile`);
      writeFileSync(`${path}.part`, JSON.stringify(fault ?? result.profile));
      renameSync(`${path}.part`, path);
      ending.disconnect();
    });
  });
}
