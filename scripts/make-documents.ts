/** Makes every document that is made from the code. Tests fail while one of them is stale. */
import './make-charter-reference.ts';
import './make-decision-index.ts';
import './make-diagram.ts';
import './make-problem-pages.ts';
