/** A turn changed; the payload is its id. */
export const TURN_CHANNEL = 'polity_turn';
/** Somebody stopped or deleted a running turn; the payload is its id. */
export const STOP_CHANNEL = 'polity_turn_stop';

/** For a statement in which `t` is a turn that is stopped or deleted: its worker and its readers hear of it. */
export const TELL_STOPPED = `pg_notify('${STOP_CHANNEL}', t.id), pg_notify('${TURN_CHANNEL}', t.id)`;
