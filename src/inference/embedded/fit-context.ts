/** How many conversations are kept at once, and how many tokens each may have. */
export interface ContextShape {
  readonly sequences: number;
  readonly contextSize: number;
}

/** A conversation shorter than this is of little use: rather fail than go below it. */
const CONTEXT_LEAST = 2_048;

/**
 * The largest shape whose memory fits: first fewer conversations, then shorter ones. A model's weights are mapped from
 * its file; what conversations remember is not, and 8 × 65,536 tokens of an 8B model would take 64 GB.
 */
export async function fitContext(
  wanted: ContextShape,
  budgetBytes: number,
  bytesOf: (shape: ContextShape) => Promise<number>,
): Promise<ContextShape> {
  let { sequences, contextSize } = wanted;
  while ((await bytesOf({ sequences, contextSize })) > budgetBytes) {
    if (sequences > 1) sequences = Math.ceil(sequences / 2);
    else if (contextSize >= 2 * CONTEXT_LEAST) contextSize = Math.floor(contextSize / 2);
    else break;
  }
  return { sequences, contextSize };
}
