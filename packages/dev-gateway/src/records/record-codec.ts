/** How a value is kept: `toJson` must give plain JSON, and `fromJson` the value back. */
export interface RecordCodec<Value> {
  readonly toJson: (value: Value) => unknown
  readonly fromJson: (json: never) => Value
}

/** The codec of values that are plain JSON themselves. */
export function plainJson<Value>(): RecordCodec<Value> {
  return { toJson: (value) => value, fromJson: (json) => json }
}
