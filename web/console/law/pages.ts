/** What governs, and who may ask: the pages of the console that read the charter. */
export { CharterPage } from './charter-page.tsx';
export { DecidePage } from './decide-page.tsx';
export { DecisionChainView } from './decision-chain.tsx';
export { GridPage } from './grid-page.tsx';
export { KeysPage } from './keys-page.tsx';
export { PoliciesPage } from './policies-page.tsx';
