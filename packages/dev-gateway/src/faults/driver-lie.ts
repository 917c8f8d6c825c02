/** What a driver says that is not so. Only calls of the driver are struck by it. */
export type DriverLie =
  /** Its snapshots bear the id of another sandbox. @default 'another-sandbox' */
  | { readonly effect: 'wrong-id'; readonly id?: string }
  /** Its snapshots bear another name; may be empty. @default 'another-name' */
  | { readonly effect: 'wrong-name'; readonly name?: string }
  /** Its answer, or its event, has no snapshot where one belongs. */
  | { readonly effect: 'missing-sandbox' }
  /** Its snapshots have no status. */
  | { readonly effect: 'missing-status' }
  /** The times of its conditions and events are none: on line 0.0 a text without a date, on line 0.1 one that no calendar has. */
  | { readonly effect: 'bad-time' }
  /** Its answer has so many bytes; the gateway takes up to 4,194,304. @default 4194305 */
  | { readonly effect: 'oversize-answer'; readonly sizeBytes?: number }
  /** Its answer is an error whose text has so many bytes, at most 131,072; the gateway takes about 16,000. @default 16385 */
  | { readonly effect: 'oversize-error'; readonly sizeBytes?: number }
  /** It acknowledges another admission policy than it did. */
  | { readonly effect: 'changed-acknowledgement' }
  /** It does not name the backend's object that it created or started. */
  | { readonly effect: 'empty-identity' }
