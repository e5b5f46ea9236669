import { anthropicWire } from './anthropic.ts';
import { bedrockWire } from './bedrock.ts';
import { cohereWire } from './cohere.ts';
import { mistralWire } from './mistral.ts';
import { vertexWire } from './vertex.ts';
import type { ProviderWire } from './wire.ts';

export const allWires: readonly ProviderWire[] = [anthropicWire, bedrockWire, vertexWire, cohereWire, mistralWire];
