import { useState } from 'react';
import { choose, previewChoice, type FileChoice, type FileSlot } from './file-choice';

export type FileChoices = Readonly<Record<string, FileChoice>>;

export type FileSelection = ReturnType<typeof useFileChoices>;

/** The files that are chosen, by the bundle's env_var, with previews that arrive a moment later. */
export function useFileChoices(maxBytes: number, initial: FileChoices = {}) {
  const [choices, setChoices] = useState<FileChoices>(initial);

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

  /** Keeps what another bundle's slots take too, looked at anew, and drops the rest. */
  function fit(slots: readonly FileSlot[]): void {
    for (const [envVar, { file }] of Object.entries(choices)) {
      const slot = slots.find((candidate) => candidate.envVar === envVar);
      if (slot) take(slot, file);
      else remove(envVar);
    }
  }

  return { choices, take, remove, fit };
}

/** The names of the chosen files that these slots have no place for. */
export const leftOver = (choices: FileChoices, slots: readonly FileSlot[]): string[] =>
  Object.entries(choices).flatMap(([envVar, { file }]) => (slots.some((slot) => slot.envVar === envVar) ? [] : [file.name]));
