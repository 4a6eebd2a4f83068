import { checkReporters, migrationReporters } from './src/reporters/registry.ts';
import { checkOf } from './test/reporters/savedCheck.ts';
import { migrationOf } from './test/reporters/savedMigration.ts';
for (const c of [40,60,80,120,200]) { 
  console.log('-'.repeat(c), c);
  console.log(checkReporters.table(checkOf('orders'), {columns:c,color:false}));
  console.log(migrationReporters.table(migrationOf('orders'), {columns:c,color:false}).split('\n').slice(0,24).join('\n'));
}
