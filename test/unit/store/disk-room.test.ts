import { expect, it } from 'vitest';
import { diskTrouble } from '../../../src/store/disk-room.ts';

const store = { engine: 'sqlite', path: '/data/repairwatch.db' } as const;

it('a disk without room for one more page of tasks is said to be full, in the store’s own words', () => {
  const asked: string[] = [];
  const statfs = (bavail: number) => (path: string) => {
    asked.push(path);
    return { bavail, bsize: 4096 };
  };
  expect(diskTrouble(store, statfs(200))).toBe(
    'The disk of the store /data/repairwatch.db is full; free some space: nothing that was recorded is lost.',
  );
  expect(diskTrouble(store, statfs(300))).toBeNull();
  expect(asked).toEqual(['/data', '/data']);
});

it('where the file system does not tell, nothing is said', () => {
  const silent = () => {
    throw new Error('ENOSYS');
  };
  expect(diskTrouble(store, silent)).toBeNull();
});
