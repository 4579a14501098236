import { CreateCoreTables1764000000000 } from './1764000000000-create-core-tables';

/** In the order in which they run. Once released, a migration is never edited or removed. */
export const migrations = [CreateCoreTables1764000000000];
