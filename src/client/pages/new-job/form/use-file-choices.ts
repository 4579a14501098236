import { useState } from 'react';
import { choose, previewChoice, type FileChoice, type FileSlot } from './file-choice';

export type FileChoices = Readonly<Record<string, FileChoice>>;

/** The files that are chosen, by the bundle's env_var, with previews that arrive a moment later. */
export function useFileChoices(maxBytes: number) {
  const [choices, setChoices] = useState<FileChoices>({});

  function take(slot: FileSlot, file: File): void {
    const choice = choose(file, slot, maxBytes);
    setChoices((before) => ({ ...before, [slot.envVar]: choice }));
    void previewChoice(choice).then((previewed) =>
      // Another may have been chosen meanwhile.
      setChoices((before) => (before[slot.envVar] === choice ? { ...before, [slot.envVar]: previewed } : before)),
    );
  }

  const remove = (envVar: string): void =>
    setChoices((before) => Object.fromEntries(Object.entries(before).filter(([key]) => key !== envVar)));

  return { choices, take, remove, clear: () => setChoices({}) };
}
