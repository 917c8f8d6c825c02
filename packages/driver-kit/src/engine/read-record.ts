import type { PendingOperation, SandboxRecord, StampedConfig } from './sandbox-record.js'

/** The layout of the record file; a newer driver that changes it writes a higher number. */
export const recordFormat = 1

const operations: readonly string[] = ['create', 'start', 'stop', 'delete'] satisfies PendingOperation[]
const stateTypes: readonly string[] = ['starting', 'running', 'stopping', 'stopped', 'exited', 'failed']

type Json = Record<string, unknown>

/** The text of a record file: small, in a fixed order, readable by a person. */
export function formatRecord(record: SandboxRecord): string {
  const { spec, driverConfig, createdAt, state, stateSince, operation } = record
  return `${JSON.stringify({ format: recordFormat, createdAt, state, stateSince, operation, spec, driverConfig }, undefined, 2)}\n`
}

/**
 * Reads the text of a record file.
 *
 * @throws Error whose message says what is wrong, without any of the file's content.
 */
export function readRecord(text: string, id: string): SandboxRecord {
  const json = parseObject(text)
  if (typeof json['format'] === 'number' && json['format'] > recordFormat) {
    throw new Error(`it was written by a newer driver (format ${json['format']}, this driver reads ${recordFormat})`)
  }
  if (json['format'] !== recordFormat) throw new Error('it has no known format number')
  const spec = object(json, 'spec')
  if (spec['id'] !== id) throw new Error('its spec.id is not the name of its folder')
  for (const field of ['name', 'workspace', 'image', 'logLevel', 'agentSocketPath']) textOf(spec, field)
  if (spec['name'] === '') throw new Error('its spec.name is empty')
  strings(spec['command'], 'spec.command')
  object(spec, 'labels')
  return {
    spec: spec as unknown as SandboxRecord['spec'],
    ...(json['driverConfig'] === undefined ? {} : { driverConfig: readStamped(object(json, 'driverConfig')) }),
    createdAt: textOf(json, 'createdAt'),
    state: readState(object(json, 'state')),
    stateSince: time(json, 'stateSince'),
    ...(json['operation'] === undefined ? {} : { operation: readOperation(json['operation']) }),
  }
}

function parseObject(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('it is not valid JSON')
  }
  if (!isObject(value)) throw new Error('it is not a JSON object')
  return value
}

function readStamped(json: Json): StampedConfig {
  object(json, 'config')
  if (typeof json['schema_version'] !== 'number') throw new Error('its driverConfig.schema_version is not a number')
  textOf(json, 'driver_version')
  textOf(json, 'digest')
  return json as unknown as StampedConfig
}

function readState(json: Json): SandboxRecord['state'] {
  if (typeof json['type'] !== 'string' || !stateTypes.includes(json['type'])) throw new Error('its state is unknown')
  if (json['type'] === 'exited' && typeof json['exitCode'] !== 'number')
    throw new Error('its state.exitCode is not a number')
  if (json['type'] === 'failed') {
    textOf(json, 'reason')
    textOf(json, 'message')
  }
  return json as unknown as SandboxRecord['state']
}

function readOperation(value: unknown): PendingOperation {
  if (typeof value !== 'string' || !operations.includes(value)) throw new Error('its operation is unknown')
  return value as PendingOperation
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(json: Json, field: string): Json {
  const value = json[field]
  if (!isObject(value)) throw new Error(`its ${field} is not an object`)
  return value
}

function textOf(json: Json, field: string): string {
  const value = json[field]
  if (typeof value !== 'string') throw new Error(`its ${field} is not text`)
  return value
}

function time(json: Json, field: string): string {
  const value = textOf(json, field)
  if (Number.isNaN(Date.parse(value))) throw new Error(`its ${field} is not a time`)
  return value
}

function strings(value: unknown, field: string): void {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw new Error(`its ${field} is not a list of text`)
  }
}
