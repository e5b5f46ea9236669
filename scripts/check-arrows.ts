/** Holds `src/` to architecture.json. `npm run check` runs it; exit code 1 when a rule is broken. */
import { fileURLToPath } from 'node:url';
import { readPlan } from './arrows/plan.ts';
import { findBreaches } from './arrows/rules.ts';
import { surveyHouse } from './arrows/survey.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const house = await surveyHouse(`${root}src`);
const breaches = findBreaches(house, await readPlan(`${root}architecture.json`));
for (const { rule, where, says } of breaches) console.error(`src/${where}  ${says}  (${rule})`);
console.log(`arrows: ${house.files.length} files, ${house.arrows.length} imports, ${breaches.length} breaches`);
if (breaches.length > 0) process.exitCode = 1;
