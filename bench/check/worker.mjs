import { register } from 'tsx/esm/api';

// Threads do not inherit the loader of the main one (Node 20).
register();
await import('./worker.ts');
