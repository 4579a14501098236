import { ValidateBy } from 'class-validator';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/** A point in time as RFC 3339 writes it: with its offset, and a day that the calendar has. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && RFC_3339.test(value) && isCalendarDay(value) && !Number.isNaN(Date.parse(value)),
      defaultMessage: () => '$property must be a time such as 2026-01-12T09:30:00Z',
    },
  });
}

/** `Date.parse` takes February 30 for March 2. */
function isCalendarDay(value: string): boolean {
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day;
}
