/** Which messages each feature has: the keys of its English file. */
import type assistant from '../../assistant/messages/en.json';
import type law from '../../console/law/messages/en.json';
import type consoleMessages from '../../console/messages/en.json';
import type playground from '../../console/playground/messages/en.json';
import type usage from '../../console/usage/messages/en.json';
import type publicMessages from '../../public/messages/en.json';
import type receipt from '../receipt/messages/en.json';
import type shell from '../shell/messages/en.json';

export interface Features {
  readonly assistant: keyof typeof assistant;
  readonly console: keyof typeof consoleMessages;
  readonly law: keyof typeof law;
  readonly playground: keyof typeof playground;
  readonly public: keyof typeof publicMessages;
  readonly receipt: keyof typeof receipt;
  readonly shell: keyof typeof shell;
  readonly usage: keyof typeof usage;
}

export type Feature = keyof Features;
