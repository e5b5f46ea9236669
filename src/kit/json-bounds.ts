/**
 * Of all objects of one document together. Building and comparing that many takes a tenth of a second in which nobody else is served; a
 * request has hundreds.
 */
export const JSON_KEYS_MAX = 100_000;
/** Of all arrays and objects together, an array or object being one: more than the tokens of the longest text that a caller counts itself. */
export const JSON_ENTRIES_MAX = 500_000;
