import { expect, test } from 'vitest';
import { Secret } from '../../../src/lib/secret.ts';
import { readSmtpUrl } from '../../../src/lib/smtp-url.ts';

const read = (text: string) => readSmtpUrl(new Secret(text));

test.each<[string, object]>([
  [
    'smtp://mail.example.com',
    { host: 'mail.example.com', port: 587, implicitTls: false, tls: 'optional', login: null },
  ],
  ['smtp://mail.example.com:25', { port: 25, tls: 'optional' }],
  ['smtps://mail.example.com', { port: 465, implicitTls: true, tls: 'required' }],
  ['smtp://me:pw@mail.example.com', { tls: 'required' }],
  ['smtp://me:pw@mail.example.com?tls=optional', { tls: 'optional' }],
  ['smtp://me:pw@mail.example.com/?tls=off&name=client.example.com', { tls: 'off', ehloName: 'client.example.com' }],
  ['smtp://me:pw@localhost:1025', { tls: 'optional' }],
  ['smtp://me:pw@127.0.0.1:1025', { tls: 'optional' }],
  ['smtp://me:pw@[::1]:1025', { host: '::1', tls: 'optional' }],
  ['smtp://me:pw@127.0.0.1.example.com', { tls: 'required' }],
  ['smtp://me:pw@localhost.example.com', { tls: 'required' }],
])('%s', (address, server) => {
  expect(read(address)).toMatchObject(server);
});

test('user and password are percent-decoded', () => {
  const server = read('smtp://me%40example.com:p%40%3A%2F%25w@mail.example.com');
  if ('problem' in server) throw new Error(server.problem);
  expect(server.login?.user).toBe('me@example.com');
  expect(server.login?.password.reveal()).toBe('p@:/%w');
});

test.each([
  ['hunter2', /^is not an SMTP address \(the value is hidden\): write smtp:/],
  ['https://me:hunter2@mail.example.com', /^is not an SMTP address/],
  ['smtp://me:hunter2#x@mail.example.com', /^is not an SMTP address/],
  ['smtp://me:hunter2%@mail.example.com', /^has a user or password with a stray %/],
  ['smtp://hunter2@mail.example.com', /^has a user without a password/],
  ['smtp://me:hunter2@mail.example.com?insecure=hunter2', /^has an option that is not known; there are tls and name/],
  [
    'smtp://me:hunter2@mail.example.com?tls=hunter2',
    /^has a tls option that is not one of required, unverified, optional, off$/,
  ],
  ['smtps://me:hunter2@mail.example.com?tls=off', /^has a tls option that is not one of required, unverified$/],
])('what cannot be used is told without being shown (%#)', (address, sentence) => {
  const result = read(address);
  if (!('problem' in result)) throw new Error('it was taken');
  expect(result.problem).toMatch(sentence);
  expect(result.problem).not.toContain('hunter2');
});
