import type { IncomingHttpHeaders } from 'node:http';
import { isUnattended } from './unattended';

const of = (headers: IncomingHttpHeaders, method = 'GET') => isUnattended({ method, headers });

it('is what the page says it is, and a stream of events', () => {
  expect(of({ 'slipway-unattended': 'true' })).toBe(true);
  expect(of({ 'slipway-unattended': 'true' }, 'HEAD')).toBe(true);
  expect(of({ accept: 'text/event-stream' })).toBe(true);
});

it('is nothing else', () => {
  expect(of({})).toBe(false);
  expect(of({ accept: '*/*' })).toBe(false);
  for (const value of ['', 'false', '1', 'true, true']) expect(of({ 'slipway-unattended': value })).toBe(false);
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is never a %s', (method) => {
  expect(of({ 'slipway-unattended': 'true', accept: 'text/event-stream' }, method)).toBe(false);
});
