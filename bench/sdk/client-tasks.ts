/** What this client and the official ones are timed at. */
export type ClientTask = 'first-output' | 'gets' | 'output'

/** How many reads of a sandbox one task makes, one after the other; as in `official-client.py`. */
export const getsInARow = 1_000
/** How much output the command of a task has, in bytes; as in `official-client.py`. */
export const outputBytes = 64 * 1024 * 1024
