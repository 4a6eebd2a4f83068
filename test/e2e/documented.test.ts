import { playsDocumented } from './documented.ts';

playsDocumented('every command of the documentation that measures in an account, or nothing', (isHere) => !isHere);
