import { runBundle } from './engine';
import { serveEngine } from './runner/engine-child';

/** The engine's child, which a worker starts for each run and walls in. It reads no settings: its parent sends all that it needs. */
serveEngine(runBundle);
