import { Entity, PrimaryColumn } from 'typeorm';

/** A school year that Slipway knows, named by the year in which it ends (2026 is 2025–26). */
@Entity('school_year')
export class SchoolYear {
  @PrimaryColumn('smallint')
  endYear: number;
}
