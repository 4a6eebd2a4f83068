import { playsDocumented } from './documented.ts';

playsDocumented('every command of the documentation that measures here', (isHere) => isHere);
