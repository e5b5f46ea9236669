/** Every process of Polity begins here; the first argument names its role. The supervisor starts the others. */
import { readProcessConfig } from './processes/config.ts';

const ALIVE_MS = 1_000;

const role = process.argv[2] ?? 'supervisor';
process.title = `polity-${role}`;

if (role === 'supervisor') {
  const { runSupervisor } = await import('./processes/supervisor.ts');
  await runSupervisor(process.argv.slice(3));
} else if (role === 'cli') {
  await (await import('./cli/index.ts')).runCli(process.argv.slice(3));
} else {
  // Ctrl-C, and what a service manager sends, reach all processes; only the supervisor decides in which order they end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  // Without a supervisor nobody would end this process: an orphan must not go on answering.
  process.on('disconnect', () => process.exit(0));
  const config = readProcessConfig();
  // A process that says nothing stands still, and is ended so that another takes its place.
  setInterval(() => process.connected && process.send?.({ type: 'alive' }, () => {}), ALIVE_MS).unref();
  if (role === 'ledger') await (await import('./processes/ledger.ts')).runLedger(config);
  else if (role === 'gateway') await (await import('./processes/gateway.ts')).runGateway(config);
  else if (role === 'model') await (await import('./processes/model.ts')).runModel(config);
  else throw new Error(`there is no role ${role}`);
}
