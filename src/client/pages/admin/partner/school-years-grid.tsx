import { Checkbox, ScrollArea, Text } from '@mantine/core';
import type { AdminTenant } from '../../../api/admin';
import { texts } from '../../../texts';
import classes from './school-years-grid.module.css';
import type { YearsByTenant } from './year-choices';

const words = texts.admin.schoolYears;

interface SchoolYearsGridProps {
  readonly tenants: readonly AdminTenant[];
  readonly years: readonly string[];
  readonly chosen: YearsByTenant;
  readonly onToggle: (tenant: AdminTenant, year: string) => void;
}

/** A row a tenant, a column a school year. Where it is wider than the screen it scrolls under the tenants' names. */
export function SchoolYearsGrid({ tenants, years, chosen, onToggle }: SchoolYearsGridProps) {
  return (
    <ScrollArea
      scrollbars="x"
      type="auto"
      classNames={{ scrollbar: classes.scrollbar }}
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': words.grid }}
    >
      <table className={classes.grid}>
        <thead>
          <tr>
            <th scope="col" className={classes.name}>
              {words.tenant}
            </th>
            {years.map((year) => (
              <th key={year} scope="col">
                {texts.common.schoolYear(year)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tenants.map((tenant) => (
            <tr key={tenant.code}>
              <th scope="row" className={classes.name}>
                {tenant.name}
                <Text component="span" size="xs" c="dimmed" display="block" fw={400}>
                  {tenant.code}
                </Text>
              </th>
              {years.map((year) => (
                <td key={year}>
                  <Checkbox
                    aria-label={words.checkbox(year, tenant.name)}
                    checked={chosen[tenant.code]?.includes(year) ?? false}
                    onChange={() => onToggle(tenant, year)}
                    classNames={{ body: classes.box }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
