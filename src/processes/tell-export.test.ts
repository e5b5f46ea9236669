import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTelemetry } from '../kit/index.ts';
import { exportLines } from './tell-export.ts';

const lines = (endpoint: string) => exportLines(readTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }));

test('a start says where traces and metrics go and whether that may be abroad, without a password; nothing when they stay', () => {
  assert.deepEqual(lines(''), []);
  assert.deepEqual(lines('http://user:secret@10.0.0.7:4318'), [
    'telemetry: traces and metrics go to http://10.0.0.7:4318; content never does',
  ]);
  assert.deepEqual(lines('https://user:secret@otel.example.com/in'), [
    'telemetry: traces and metrics go to https://otel.example.com, which may lie outside your network and the country; content never does',
  ]);
  assert.deepEqual(lines('secret:4317'), [
    'telemetry: OTEL_EXPORTER_OTLP_ENDPOINT is no address like http://127.0.0.1:4318; nothing is exported',
  ]);
});
