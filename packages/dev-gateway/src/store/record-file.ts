import { readJsonFile, writeJsonFile } from '../files/json-file.js'
import type { RecordStoreOptions, StoredRecord } from './record-store.js'

/** How a value is kept: `toJson` must give plain JSON, and `fromJson` the value back. */
export interface RecordCodec<Value> {
  readonly toJson: (value: Value) => unknown
  readonly fromJson: (json: never) => Value
}

/** The codec of values that are plain JSON themselves. */
export function plainJson<Value>(): RecordCodec<Value> {
  return { toJson: (value) => value, fromJson: (json) => json }
}

/**
 * Keeps the records of one store in one file.
 *
 * @throws GatewayStartError that names the file when it cannot be read.
 */
export function openRecordFile<Value>(
  path: string,
  { toJson, fromJson }: RecordCodec<Value>,
): Required<Pick<RecordStoreOptions<Value>, 'saved' | 'save'>> {
  const parse = (json: unknown) => {
    if (!Array.isArray(json)) throw new TypeError('These are no records.')
    return json.map((record: StoredRecord<never>) => ({ ...record, value: fromJson(record.value) }))
  }
  return {
    saved: readJsonFile<StoredRecord<Value>[]>(path, parse, []),
    save: (records) =>
      writeJsonFile(
        path,
        records.map((record) => ({ ...record, value: toJson(record.value) })),
      ),
  }
}
