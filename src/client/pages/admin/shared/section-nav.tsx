import { NavLink } from 'react-router';
import classes from './section-nav.module.css';

export interface Section {
  readonly to: string;
  readonly label: string;
  /** Whether only the address itself is this section, and not what is below it. */
  readonly exact?: boolean;
}

/** Links to the parts of something, of which one is shown. */
export function SectionNav({ label, sections }: { label: string; sections: readonly Section[] }) {
  return (
    <nav aria-label={label} className={classes.nav}>
      <ul className={classes.list}>
        {sections.map(({ to, label: text, exact = false }) => (
          <li key={to}>
            <NavLink to={to} end={exact} className={classes.link}>
              {text}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
