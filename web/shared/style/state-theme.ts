/** Lightness and chroma of the tokens that a state colours, light and dark; contrast.test.ts holds them to tokens.css. */
export const stateTokens = {
  accent: { light: [0.435, 0.078], dark: [0.815, 0.085] },
  'accent-strong': { light: [0.345, 0.062], dark: [0.885, 0.065] },
  'accent-wash': { light: [0.955, 0.018], dark: [0.3, 0.04] },
} as const;

/** The hue of a state's charter, degrees of OKLCH. Only the hue turns, so what could be read before can be read after. */
export function applyStateHue(hue: number | null): void {
  const { style } = document.documentElement;
  for (const [name, { light, dark }] of Object.entries(stateTokens)) {
    const of = ([lightness, chroma]: readonly [number, number]) => `oklch(${lightness} ${chroma} ${hue})`;
    if (hue === null) style.removeProperty(`--${name}`);
    else style.setProperty(`--${name}`, `light-dark(${of(light)}, ${of(dark)})`);
  }
}
