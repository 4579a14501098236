import { Button, Group, NumberInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { texts } from '../../../texts';

const words = texts.admin.schoolYears;
const [FIRST, LAST] = [1900, 2200];

/** Puts a school year among those to choose from that no tenant has yet. */
export function AddYear({ onAdd }: { onAdd: (year: string) => void }) {
  const [year, setYear] = useState<number | string>('');
  const [error, setError] = useState<string | null>(null);
  function add(event: FormEvent): void {
    event.preventDefault();
    const value = Number(year);
    if (!Number.isInteger(value) || value < FIRST || value > LAST) return setError(words.yearFault);
    onAdd(String(value));
    setYear('');
  }
  return (
    <form onSubmit={add} noValidate>
      <Group align="flex-end" gap="sm" p="md">
        <NumberInput
          label={words.addYear}
          description={words.addYearHint}
          value={year}
          onChange={(value) => {
            setYear(value);
            setError(null);
          }}
          error={error}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          inputMode="numeric"
          w={220}
        />
        <Button type="submit" variant="default" mb={error === null ? 0 : 22}>
          {words.add}
        </Button>
      </Group>
    </form>
  );
}
