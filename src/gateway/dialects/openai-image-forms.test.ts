import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FormPart, putForm } from '../../../test/put-form.ts';
import { openaiImageEdits, openaiImageVariations } from './openai-image-forms.ts';

const picture = new Blob([new Uint8Array(40)], { type: 'image/png' });

const put = (dialect: typeof openaiImageEdits, ...parts: FormPart[]) => putForm(dialect, parts);

test('what a picture is made from is reserved for: each picture in, each picture out, and the words are looked at', async () => {
  const { inquiry } = await put(
    openaiImageEdits,
    ['image', picture],
    ['image', picture],
    ['prompt', 'a hat'],
    ['n', '3'],
  );
  assert.deepEqual([inquiry.choices, inquiry.mediaTokens, inquiry.texts.reveal()], [3, 14_000, ['a hat']]);
});

test('what is no such form is refused with the part that is wrong', async () => {
  const cases: [typeof openaiImageEdits, FormPart[], string][] = [
    [openaiImageEdits, [['prompt', 'a hat']], 'image'],
    [openaiImageEdits, [['image', picture]], 'prompt'],
    [
      openaiImageEdits,
      [
        ['image', 'https://example.com/a.png'],
        ['prompt', 'a hat'],
      ],
      'image',
    ],
    [
      openaiImageEdits,
      [
        ['image', picture],
        ['prompt', picture],
      ],
      'prompt',
    ],
    [
      openaiImageEdits,
      [
        ['image', picture],
        ['prompt', 'a hat'],
        ['n', '0'],
      ],
      'n',
    ],
    [
      openaiImageEdits,
      [
        ['image', picture],
        ['prompt', 'a hat'],
        ['n', 'two'],
      ],
      'n',
    ],
    [
      openaiImageEdits,
      [
        ['image', picture],
        ['prompt', 'a hat'],
        ['mask', 'x'],
      ],
      'mask',
    ],
    [
      openaiImageEdits,
      [
        ['image', picture],
        ['prompt', 'a'],
        ['prompt', 'b'],
      ],
      'prompt',
    ],
  ];
  for (const [dialect, parts, param] of cases)
    await assert.rejects(put(dialect, ...parts), { code: 'invalid-request', extras: { param } }, param);
});

test('a variation has no words and is no stream; what it does not know is dropped by name', async () => {
  const { inquiry, asking } = await put(openaiImageVariations, ['image', picture], ['prompt', 'a'], ['stream', 'true']);
  assert.deepEqual([inquiry.stream, asking.dropped], [false, ['prompt', 'stream']]);
});
