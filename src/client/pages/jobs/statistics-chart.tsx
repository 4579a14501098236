import { useElementSize } from '@mantine/hooks';
import { formatDay, formatNumber } from '../../components/format';
import { texts } from '../../texts';
import classes from './statistics.module.css';
import { axisTop } from './axis';

export interface Day {
  /** `2026-01-31` */
  readonly date: string;
  readonly submitted: number;
  readonly succeeded: number;
  readonly failed: number;
}

export const CHART_HEIGHT = 180;
const AXIS_WIDTH = 36;
const LABEL_HEIGHT = 24;
const TOP = 8;
const PLOT = CHART_HEIGHT - LABEL_HEIGHT - TOP;
/** Room that a day's label takes. */
const LABEL_WIDTH = 64;

/** Jobs per day: those that ended as stacked bars, failed ones hatched, and those submitted as a line. @param label the whole in words */
export function StatisticsChart({ days, label }: { days: readonly Day[]; label: string }) {
  const { ref, width } = useElementSize();
  const top = axisTop(Math.max(...days.map((day) => Math.max(day.submitted, day.succeeded + day.failed))));
  const step = Math.max(0, width - AXIS_WIDTH) / days.length;
  const y = (value: number): number => TOP + PLOT * (1 - value / top);
  const x = (index: number): number => AXIS_WIDTH + step * index;
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / Math.max(step, 1)));
  return (
    <div ref={ref}>
      <svg role="img" aria-label={label} width={width} height={CHART_HEIGHT} className={classes.chart}>
        <defs>
          <pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="5" height="5" className={classes.failed} />
            <rect width="1.5" height="5" className={classes.hatch} />
          </pattern>
        </defs>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line x1={AXIS_WIDTH} x2={width} y1={y(value)} y2={y(value)} className={classes.grid} />
            <text x={AXIS_WIDTH - 8} y={y(value)} dy="0.32em" textAnchor="end">
              {formatNumber(value)}
            </text>
          </g>
        ))}
        {days.map((day, index) => (
          <g key={day.date}>
            <title>{texts.jobs.statistics.tooltip(formatDay(day.date), day.submitted, day.succeeded, day.failed)}</title>
            <rect x={x(index)} y={TOP} width={step} height={PLOT} className={classes.area} />
            <Bar x={x(index)} step={step} from={y(0)} to={y(day.succeeded)} className={classes.succeeded} />
            <Bar x={x(index)} step={step} from={y(day.succeeded)} to={y(day.succeeded + day.failed)} fill="url(#hatched)" />
            {(days.length - 1 - index) % every === 0 && (
              <text
                x={x(index) + step / 2}
                y={CHART_HEIGHT - 6}
                textAnchor={index === days.length - 1 ? 'end' : 'middle'}
                dx={index === days.length - 1 ? step / 2 : 0}
              >
                {formatDay(day.date, 'short')}
              </text>
            )}
          </g>
        ))}
        <polyline
          className={classes.submitted}
          points={days.map((day, index) => `${x(index) + step / 2},${y(day.submitted)}`).join(' ')}
        />
      </svg>
    </div>
  );
}

interface BarProps {
  readonly x: number;
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly className?: string;
  readonly fill?: string;
}

function Bar({ x, step, from, to, ...look }: BarProps) {
  const width = Math.min(step * 0.6, 20);
  return from - to > 0 && <rect x={x + (step - width) / 2} y={to} width={width} height={from - to} rx={1.5} {...look} />;
}
