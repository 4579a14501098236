import { Select, SimpleGrid, TextInput } from '@mantine/core';
import { texts } from '../../../texts';
import type { FormFaults } from './form-faults';
import { paramsToFill, type ParamSlot, type Settings } from './initial-settings';

interface SettingsFieldsProps {
  readonly schoolYears: readonly string[];
  readonly params: readonly ParamSlot[];
  readonly settings: Settings;
  readonly faults: FormFaults;
  readonly disabled: boolean;
  readonly onChange: (settings: Settings) => void;
}

/** School year and parameters: a choice where the values are fixed. */
export function SettingsFields({ schoolYears, params, settings, faults, disabled, onChange }: SettingsFieldsProps) {
  const words = texts.newJob;
  const setParam = (envVar: string, value: string): void =>
    onChange({ ...settings, params: { ...settings.params, [envVar]: value } });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        id="field-schoolYear"
        label={words.schoolYear}
        placeholder={words.schoolYearPlaceholder}
        data={schoolYears.map((year) => ({ value: year, label: texts.common.schoolYear(year) }))}
        value={settings.schoolYear === '' ? null : settings.schoolYear}
        onChange={(schoolYear) => onChange({ ...settings, schoolYear: schoolYear ?? '' })}
        error={faults.schoolYear ?? (schoolYears.length === 0 ? words.noSchoolYears : undefined)}
        disabled={disabled}
        allowDeselect={false}
        required
      />
      {paramsToFill(params).map(({ envVar, displayName, required, allowedValues }) => {
        const field = {
          id: `field-params/${envVar}`,
          label: required ? displayName : `${displayName} (${words.optional})`,
          error: faults[`params/${envVar}`],
          disabled,
          required,
        };
        const value = settings.params[envVar] ?? '';
        return allowedValues ? (
          <Select
            key={envVar}
            {...field}
            placeholder={words.choose}
            data={[...allowedValues]}
            value={value === '' ? null : value}
            onChange={(chosen) => setParam(envVar, chosen ?? '')}
            searchable={allowedValues.length > 8}
            clearable={!required}
          />
        ) : (
          <TextInput key={envVar} {...field} value={value} onChange={(event) => setParam(envVar, event.currentTarget.value)} />
        );
      })}
    </SimpleGrid>
  );
}
