import { useMutation } from '@tanstack/react-query';
import { useState, type Dispatch, type ReactNode, type SetStateAction } from 'react';
import { isConflict } from '../../../api/problem';
import { VersionNotice, type Conflict } from './version-notice';

interface VersionOptions<T> {
  readonly read: () => Promise<T>;
  /** Brings what the reader has entered together with the newest version. */
  readonly take?: (newest: T, before: T) => void;
  /** How it is now, where the form does not show that. */
  readonly describe?: (newest: T) => string;
}

interface Version<T> {
  /** What the reader's changes go out from. */
  readonly version: T;
  /** A change of that version, which tells by the notice if somebody else was faster. */
  readonly guarded: <Input, Answer>(save: (input: Input) => Promise<Answer>) => (input: Input) => Promise<Answer>;
  /** Takes another version as what is gone out from. */
  readonly setVersion: Dispatch<SetStateAction<T>>;
  readonly notice: ReactNode;
  /** Takes the notice away; for when the reader has given their changes up. */
  readonly forget: () => void;
}

/**
 * The version of something that an edit is of. If the server says that it is no longer the newest, the reader can load that; what they
 * have entered stays.
 */
export function useVersion<T>(shown: T, { read, take, describe }: VersionOptions<T>): Version<T> {
  const [version, setVersion] = useState(shown);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const load = useMutation({
    mutationFn: read,
    onSuccess: (newest) => {
      take?.(newest, version);
      setVersion(newest);
      setConflict({ kind: 'loaded', now: describe?.(newest) ?? null });
    },
  });
  const guarded: Version<T>['guarded'] = (save) => async (input) => {
    setConflict(null);
    try {
      return await save(input);
    } catch (error) {
      if (isConflict(error)) setConflict({ kind: 'outdated', reason: error.detail });
      throw error;
    }
  };
  const notice = conflict && (
    <VersionNotice conflict={conflict} loading={load.isPending} error={load.error} onLoad={() => load.mutate()} />
  );
  return { version, setVersion, guarded, notice, forget: () => setConflict(null) };
}
