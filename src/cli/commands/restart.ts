import { askingCodes, type Command, jsonOption, textOf, WrongUsage } from '../command.ts';

/** Answers of models take minutes; a stream that is longer ends in an error frame. */
const GRACE_SECONDS = '60';

export const restartCommand: Command = {
  name: 'restart',
  summary: 'replace the gateway processes one after another, without a dropped request',
  usage: ['restart [--grace <seconds>] [--json]'],
  examples: ['./polity restart', './polity restart --grace 600'],
  options: {
    grace: {
      type: 'string',
      describe: `how long running answers of an old process may go on, in seconds; ${GRACE_SECONDS} without it`,
    },
    json: jsonOption,
  },
  wordsMax: 0,
  exitCodes: { ...askingCodes, 0: 'all are replaced' },
  run: async ({ options, ask, output }) => {
    const grace = textOf(options, 'grace') ?? GRACE_SECONDS;
    if (!/^\d{1,4}$/.test(grace) || Number(grace) > 3_600)
      throw new WrongUsage(`\`--grace\` takes whole seconds up to 3600, not \`${grace}\``);
    const { restarted } = (await ask('restart', { graceMs: Number(grace) * 1_000 })) as { restarted: number };
    const said = `${restarted} gateway ${restarted === 1 ? 'process' : 'processes'} replaced`;
    output.out(options.json === true ? JSON.stringify({ restarted }) : said);
    return 0;
  },
};
