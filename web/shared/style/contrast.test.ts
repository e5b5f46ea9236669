import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stateTokens } from './state-theme.ts';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

type Colour = readonly [lightness: number, chroma: number, hue: number];
type Theme = 'light' | 'dark';

/** `--name: light-dark(oklch(…), oklch(…))` of the tokens. */
const tokens = new Map(
  [...css.matchAll(/--([a-z0-9-]+):\s*light-dark\(oklch\(([^)]*)\),\s*oklch\(([^)]*)\)\)/g)].map(
    ([, name, light, dark]) => [name as string, { light: numbers(light as string), dark: numbers(dark as string) }],
  ),
);

function numbers(text: string): Colour {
  const [lightness = 0, chroma = 0, hue = 0] = text.trim().split(/\s+/).map(Number);
  return [lightness, chroma, hue];
}

/** Björn Ottosson's matrices, https://bottosson.github.io/posts/oklab/ (2020). Gives linear sRGB. */
function linear([lightness, chroma, hue]: Colour): readonly number[] {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Degrees, when a state has turned its tokens. */
let stateHue: number | null = null;

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(name: string, theme: Theme): number {
  const colour = tokens.get(name);
  assert.ok(colour, `there is no token ${name}`);
  const [lightness, chroma, hue] = colour[theme];
  const turned = name in stateTokens && stateHue !== null ? stateHue : hue;
  const [r = 0, g = 0, b = 0] = linear([lightness, chroma, turned]).map((value) => Math.min(1, Math.max(0, value)));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a, b] = [luminance(one, theme), luminance(other, theme)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const surfaces = ['paper', 'wash', 'wash-2'];
const text: readonly (readonly [string, readonly string[]])[] = [
  ['ink', [...surfaces, 'marker', 'accent-wash']],
  ['ink-2', [...surfaces, 'accent-wash']],
  ['accent', [...surfaces, 'marker']],
  ['accent-strong', surfaces],
  ['ok', [...surfaces, 'ok-wash']],
  ['away', [...surfaces, 'away-wash']],
  ['no', [...surfaces, 'no-wash']],
  ['on-ink', ['ink', 'accent-strong']],
];
const shapes: readonly (readonly [string, readonly string[]])[] = [
  ['edge', surfaces],
  ['focus', [...surfaces, 'marker']],
  ['series-1', ['paper', 'wash']],
  ['series-2', ['paper']],
  ['series-3', ['paper', 'wash']],
];

for (const theme of ['light', 'dark'] as const) {
  test(`${theme}: text has a contrast of at least 4.5 on every surface that it stands on`, () => {
    for (const [name, grounds] of text)
      for (const ground of grounds) {
        const ratio = contrast(name, ground, theme);
        assert.ok(ratio >= 4.5, `${name} on ${ground}: ${ratio.toFixed(2)}`);
      }
  });
  test(`${theme}: bounds of controls, focus and chart series have at least 3`, () => {
    for (const [name, grounds] of shapes)
      for (const ground of grounds) {
        const ratio = contrast(name, ground, theme);
        assert.ok(ratio >= 3, `${name} on ${ground}: ${ratio.toFixed(2)}`);
      }
  });
}

test('a state may turn the hue as far as it likes: text keeps its contrast', () => {
  for (const [name, { light, dark }] of Object.entries(stateTokens)) {
    assert.deepEqual(tokens.get(name)?.light.slice(0, 2), light, name);
    assert.deepEqual(tokens.get(name)?.dark.slice(0, 2), dark, name);
  }
  for (stateHue = 0; stateHue < 360; stateHue += 1)
    for (const theme of ['light', 'dark'] as const)
      for (const [name, grounds] of text)
        for (const ground of grounds) {
          const ratio = contrast(name, ground, theme);
          assert.ok(ratio >= 4.5, `${name} on ${ground} at ${stateHue}°, ${theme}: ${ratio.toFixed(2)}`);
        }
  stateHue = null;
});
