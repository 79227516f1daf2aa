/** Nothing can listen at an address: its message is one sentence for people, with the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}
