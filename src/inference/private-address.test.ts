import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnHost, isPrivateAddress } from './private-address.ts';

const own = [
  ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.19.255.255'],
  ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', 'fc00::1', 'fdff::1', 'fe80::1', 'fec0::1'],
  ...['ff02::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.1.2.3', '64:ff9b::127.0.0.1', '64:ff9b::a00:1'],
  '64:ff9b:1::1',
];
const outside = [
  ...['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '128.0.0.1', '169.253.255.255'],
  ...['172.15.255.255', '172.32.0.0', '192.167.255.255', '198.20.0.0', '223.255.255.255', '2a00:1450::1'],
  ...['2606:4700::1111', '::ffff:1.1.1.1', '64:ff9b::1.1.1.1', '2001:4860:4860::8888'],
];

test('addresses of our own network and reserved ones are told from public ones, also where IPv4 is inside IPv6', () => {
  assert.deepEqual(
    own.filter((address) => !isPrivateAddress(address)),
    [],
  );
  assert.deepEqual(outside.filter(isPrivateAddress), []);
});

test('names are no addresses', () => {
  assert.deepEqual(['localhost', 'example.org', '', '127.1', '1.2.3.4.5'].filter(isPrivateAddress), []);
});

test('a host of our own network is told from one that may be anywhere, without a look-up', () => {
  const near = ['localhost', 'collector', 'otel.svc.cluster.local', 'o.internal', '127.0.0.1', '[::1]', '10.1.2.3'];
  const far = ['example.org', 'localhost.example.org', '9.9.9.9', '[2a00::1]', 'internal.example'];
  assert.deepEqual([...near, ...far].filter(isOwnHost), near);
});
