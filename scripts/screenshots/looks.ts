export interface Look {
  /** Part of the file's name. */
  readonly name: string;
  readonly title: string;
  readonly theme: 'light' | 'dark';
  readonly language: string;
  /** CSS pixels. */
  readonly width: number;
}

/** Together they show both themes, both directions, all languages and the narrowest screen. */
export const looks: readonly Look[] = [
  { name: 'light', title: 'Light, English', theme: 'light', language: 'en', width: 1280 },
  { name: 'dark', title: 'Dark, Estonian', theme: 'dark', language: 'et', width: 1280 },
  { name: 'right-to-left', title: 'Right to left, Arabic', theme: 'light', language: 'ar', width: 1280 },
  { name: '320', title: '320 pixels, Russian', theme: 'light', language: 'ru', width: 320 },
];
