import { readJsonFile, writeJsonFile } from '../files/json-file.js'
import type { RecordCodec } from '../records/record-codec.js'
import type { StoredRecord } from '../records/stored-record.js'
import type { RecordStoreOptions } from './record-store.js'

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
    if (!Array.isArray(json) || !json.every(isRecord)) throw new TypeError('These are no records.')
    return json.map((record) => ({ ...record, value: fromJson(record.value) }))
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

function isRecord(json: Partial<StoredRecord<never>> | null): json is StoredRecord<never> {
  return [json?.id, json?.scope, json?.name].every((text) => typeof text === 'string')
}
