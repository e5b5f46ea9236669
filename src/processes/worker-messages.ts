/** What supervisor and gateways tell each other on their channel. A connection travels beside its message. */

export type ToGateway =
  /** A client's connection that nothing was read from yet. */
  | { readonly type: 'connection'; readonly id: number }
  /** Another gateway answers from now on: serve what comes on open connections, close them one by one, then end. */
  | { readonly type: 'drain'; readonly graceMs: number }
  /** The service ends: finish what runs, take nothing new. */
  | { readonly type: 'stop' }
  /** How many other gateways were asked for their metrics. */
  | { readonly type: 'metrics-asked'; readonly round: number; readonly others: number }
  /** Gateway `asker` wants the metrics of this one. */
  | { readonly type: 'metrics-wanted'; readonly round: number; readonly asker: string }
  | { readonly type: 'metrics-of'; readonly round: number; readonly text: string };

export type FromGateway =
  | { readonly type: 'ready' }
  /** It ends by itself: whatever comes is for others. */
  | { readonly type: 'leaves' }
  /** This process owns the connection now. Sent before it reads from it. */
  | { readonly type: 'took'; readonly id: number }
  /** So many of its connections have ended since it last said so. */
  | { readonly type: 'closed'; readonly count: number }
  /** It answers by this charter. */
  | { readonly type: 'charter'; readonly digest: string }
  | { readonly type: 'metrics-ask'; readonly round: number }
  | { readonly type: 'metrics-said'; readonly round: number; readonly asker: string; readonly text: string };
