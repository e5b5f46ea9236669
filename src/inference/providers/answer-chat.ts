import type { ChatRequest } from './chat-request.ts';
import { checkSent, type SentFit } from './check-sent.ts';
import type { CallOptions, LanguageModel, StreamPart } from './driver.ts';
import { errorOfPart } from './error-body.ts';
import type { Exchange } from './exchange.ts';
import type { Job } from './job.ts';
import { callOptions, parseChat } from './read-chat.ts';
import { beyond, thinkWithin, withoutThinking } from './think-within.ts';
import { ChatWriter, endError, finishReasonOf, hasEnded, wholeChat } from './write-chat.ts';

const cut = { kind: 'cut', reason: 'the answer ended without saying why' } as const;

interface Call {
  readonly job: Job;
  readonly request: ChatRequest;
  readonly model: LanguageModel;
  readonly options: CallOptions;
  readonly exchange: Exchange;
}

/** @throws Problem, or whatever the package throws */
export async function answerChat(job: Job): Promise<void> {
  const request = parseChat(job.body);
  const seen: { fit: SentFit } = { fit: 'fits' };
  const { driver, exchange } = job.open((text) => {
    seen.fit = checkSent(text, request);
    if (seen.fit !== 'fits') throw beyond;
  });
  const options = { ...callOptions(request, driver), headers: { ...job.headers } };
  try {
    await send({ job, request, model: driver.language(request.model), options, exchange });
  } catch (cause) {
    if (seen.fit === 'fits') throw cause;
    const asked = { request, options };
    await sendFitted(seen.fit === 'beyond' ? thinkWithin(asked, driver) : withoutThinking(asked), job);
  }
}

const send = (call: Call) => (call.request.stream === true ? sendStream : sendWhole)(call);

/** Once more, with other thinking. */
async function sendFitted({ request, options }: Pick<Call, 'request' | 'options'>, job: Job): Promise<void> {
  const { driver, exchange } = job.open((text) => {
    if (checkSent(text, request) !== 'fits') throw beyond;
  });
  await send({ job, request, model: driver.language(request.model), options, exchange });
}

async function sendWhole({ job: { run }, request, model, options }: Call): Promise<void> {
  const result = await model.doGenerate(options);
  await run.pass();
  if (!hasEnded(result.finishReason)) return run.break({ ...cut, kind: 'garbage' });
  if (finishReasonOf(result.finishReason) === null) return run.tellError(endError(result.finishReason), false);
  run.answer(200, wholeChat(result, request.model));
}

async function sendStream({ job: { run }, request, model, options, exchange }: Call): Promise<void> {
  const { stream } = await model.doStream(options);
  const writer = new ChatWriter(request.model);
  const reader = stream.getReader();
  for (;;) {
    const { done, value: part } = await reader.read();
    await run.pass();
    if (run.hasEnded) return;
    if (done) return run.break(exchange.failure ?? cut);
    if (part.type === 'error') return tellPart(part, { run, exchange });
    if (part.type !== 'finish') {
      run.write(writer.write(part));
      continue;
    }
    if (!hasEnded(part.finishReason)) return run.break(exchange.failure ?? cut);
    const reason = finishReasonOf(part.finishReason);
    if (reason === null) return run.tellError(endError(part.finishReason), true);
    run.write(writer.end(reason, part.usage, request.stream_options?.include_usage !== false));
    run.end();
    return await drain(reader);
  }
}

/** Reads to the end, so that the connection is kept. What breaks after the answer breaks nothing. */
async function drain(reader: ReadableStreamDefaultReader<StreamPart>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer was whole before.
  }
}

function tellPart(
  { error }: Extract<StreamPart, { type: 'error' }>,
  { run, exchange }: Pick<Job, 'run'> & Pick<Call, 'exchange'>,
): void {
  if (exchange.failure !== null) return void run.break(exchange.failure);
  const told = errorOfPart(error);
  if (told === null) run.fail(error);
  else run.tellError(told, true);
}
