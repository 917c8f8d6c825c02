// Unstable: may change in any release; pin an exact version.
export { openRaw, type RawClient } from './raw/open-raw.js'
export type { RawClient00 } from './wire/v0-0/raw-client.js'
export type { RawClient01 } from './wire/v0-1/raw-client.js'
