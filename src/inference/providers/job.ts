import type { Driver } from './driver.ts';
import type { Exchange } from './exchange.ts';
import type { ProviderRun } from './provider-run.ts';

/** What one translated call needs. */
export interface Job {
  readonly body: Uint8Array;
  readonly run: ProviderRun;
  readonly headers?: Readonly<Record<string, string>>;
  /** A fresh exchange, and the provider's package opened over it. */
  open(check?: (text: string) => void): { driver: Driver; exchange: Exchange };
}
