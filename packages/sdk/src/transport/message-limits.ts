/** The most that a gateway takes in one message of a request, to the byte. */
export const MAX_REQUEST_BYTES = 1_048_576

/** The most that a message of a reply may have. */
export const MAX_REPLY_BYTES = 64 * 1024 * 1024
