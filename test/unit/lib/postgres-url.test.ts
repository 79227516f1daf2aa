import { describe, expect, it } from 'vitest';
import { readPostgresUrl } from '../../../src/lib/postgres-url.ts';
import { Secret } from '../../../src/lib/secret.ts';

const read = (url: string) => readPostgresUrl(new Secret(url));

describe('the address of a PostgreSQL store', () => {
  it('is taken apart; beyond this machine a trusted certificate is required', () => {
    const address = read('postgres://rw:p%40ss@db.example.com/repairs');
    expect(address).toMatchObject({
      hosts: [{ host: 'db.example.com', port: 5432 }],
      user: 'rw',
      database: 'repairs',
      schema: null,
      sslMode: 'verify-full',
      rootCertificate: null,
      poolSize: 5,
      place: 'postgres://db.example.com/repairs',
    });
    expect(JSON.stringify(address)).not.toContain('p@ss');
    expect(
      'password' in address && address.password && 'text' in address.password && address.password.text.reveal(),
    ).toBe('p@ss');
  });

  it('may name several servers, a password file, TLS, a schema and a number of connections', () => {
    const url =
      'postgresql://rw@[::1]:5433,localhost/r?sslmode=verify-full&sslrootcert=/ca.pem&passwordFile=/run/secrets/db&schema=ops&poolSize=9';
    expect(read(url)).toMatchObject({
      hosts: [
        { host: '::1', port: 5433 },
        { host: 'localhost', port: 5432 },
      ],
      password: { file: '/run/secrets/db' },
      sslMode: 'verify-full',
      rootCertificate: '/ca.pem',
      schema: 'ops',
      poolSize: 9,
    });
    expect(read('postgres://rw@localhost/r')).toMatchObject({ sslMode: 'disable', password: null });
  });

  it.each([
    ['postgres://db/r', 'is not a PostgreSQL address'],
    ['postgres://rw:hush@/r', 'is not a PostgreSQL address'],
    ['postgres://rw:hush@db:70000/r', 'is not a PostgreSQL address'],
    ['postgres://rw:hush@db', 'is not a PostgreSQL address'],
    ['postgres://rw:hush@a b/r', 'is not a PostgreSQL address'],
    ['postgres://rw:hush%@db/r', 'has a user, password or database with a stray %'],
    ['postgres://rw:hush@db/r?password=hush', 'has an option that is not known'],
    ['postgres://rw:hush@db/r?passwordFile=/x', 'has a password and a passwordFile'],
    [
      'postgres://rw:hush@db/r?sslmode=require&sslrootcert=/ca.pem',
      'has an sslrootcert, which only sslmode=verify-full looks at, and sslmode is require',
    ],
    [
      'postgres://rw:hush@localhost/r?sslrootcert=/ca.pem',
      'has an sslrootcert, which only sslmode=verify-full looks at, and sslmode is disable',
    ],
    ['postgres://rw:hush@db/r?sslmode=prefer', 'has an sslmode that is not one of disable, require, verify-full'],
    ['postgres://rw:hush@db/r?schema=a;drop', 'has a schema that is not a name'],
    ['postgres://rw:hush@db/r?poolSize=0', 'has a poolSize that is not a whole number from 1 to 50'],
  ])('is refused without being shown: %s', (url, says) => {
    const problem = read(url);
    expect(problem).toEqual({ problem: expect.stringContaining(says) });
    expect(JSON.stringify(problem)).not.toContain('hush');
  });
});
