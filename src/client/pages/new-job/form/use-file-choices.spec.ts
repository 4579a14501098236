import { leftOver } from './use-file-choices';

const slot = (envVar: string) => ({ envVar, displayName: envVar, required: true, fileTypes: ['csv'] });
const choice = (name: string) => ({ file: new File(['a'], name), fault: null, preview: null });

it('files that another bundle has no place for are named', () => {
  const choices = { INPUT_FILE: choice('scores.csv'), ROSTER_FILE: choice('roster.csv') };
  expect(leftOver(choices, [slot('INPUT_FILE'), slot('STRANDS_FILE')])).toEqual(['roster.csv']);
  expect(leftOver(choices, [slot('INPUT_FILE'), slot('ROSTER_FILE')])).toEqual([]);
});
