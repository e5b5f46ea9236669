/** What `npm start` says on standard output. `--json`: one object a line, the last one `ready`. */
export interface Teller {
  step(line: string): void;
  ready(service: ReadyService): void;
}

export interface ReadyService {
  readonly url: string;
  /** Made on the first start only; later both are null. */
  readonly adminUrl: string | null;
  readonly apiKey: string | null;
}

function curlLine({ url, apiKey }: ReadyService): string {
  const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'What is a ministry?' }] });
  const key = apiKey ?? '$POLITY_API_KEY';
  // Double quotes around the header, so that the shell puts the variable in; the body has no quote that ends single ones.
  return `curl -s ${url}/v1/chat/completions -H "authorization: Bearer ${key}" -H 'content-type: application/json' -d '${body}'`;
}

export function createTeller(json: boolean): Teller {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  if (json) {
    let isReady = false;
    return {
      // `ready` is the last line of standard output; what comes later, such as a model's download, goes to the other.
      step: (detail) =>
        isReady ? process.stderr.write(`polity: ${detail}\n`) : write(JSON.stringify({ event: 'step', detail })),
      ready(service) {
        isReady = true;
        write(JSON.stringify({ event: 'ready', ...service, curl: curlLine(service) }));
      },
    };
  }
  return {
    step: write,
    ready(service) {
      write(`\nPolity serves on ${service.url}`);
      if (service.adminUrl === null) write('Sign in:   ./polity admin link');
      else write(`Sign in:   ${service.adminUrl}   (works once, for 15 minutes)`);
      if (service.apiKey === null) write('A new key: ./polity keys create --tenant <id> --purpose <id>');
      else write(`API key:   ${service.apiKey}   (shown only now)`);
      write(`\nAsk it:\n${curlLine(service)}\n`);
    },
  };
}
