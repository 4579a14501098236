/** The object store did not do what it was asked: out of reach, refusing us, or in trouble. Trying again later may help. */
export class StorageUnavailableError extends Error {
  constructor(action: 'sign' | 'read' | 'write' | 'remove', cause: unknown) {
    super(`the object store failed to ${action}`, { cause });
    this.name = 'StorageUnavailableError';
  }
}
