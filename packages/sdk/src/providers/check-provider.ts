import { checkAnnotations, checkLabels } from '../checks/check-labels.js'
import { byteLength, checkCount, checkLength, violation } from '../checks/check-text.js'
import type { Violation } from '../errors/openshell-error.js'
import type { ProviderChanges, ProviderSpec } from '../model/provider-info.js'

const MAX_CREDENTIALS = 32
const MAX_CONFIG = 64

/** Every problem of a provider to create. Values never appear in a description. */
export function checkProviderSpec(name: string, spec: ProviderSpec): Violation[] {
  return [
    ...checkLength('name', name, 253),
    ...(typeof spec.type === 'string' && spec.type.trim() !== ''
      ? checkLength('type', spec.type, 64)
      : [violation('type', 'REQUIRED', 'type is required')]),
    ...checkEntries('credentials', spec.credentials, MAX_CREDENTIALS),
    ...checkEntries('config', spec.config, MAX_CONFIG),
    ...checkTimes(spec.credentialExpiresAt),
    ...checkLabels('labels', spec.labels ?? {}),
    ...checkAnnotations('annotations', spec.annotations ?? {}),
  ]
}

/** Every problem of an update. An empty text would remove the entry on the wire, and so it is refused here. */
export function checkProviderChanges(changes: ProviderChanges): Violation[] {
  return [
    ...checkEntries('credentials', changes.credentials, MAX_CREDENTIALS),
    ...checkNotEmpty('credentials', changes.credentials, 'removeCredentials'),
    ...checkEntries('config', changes.config, MAX_CONFIG),
    ...checkNotEmpty('config', changes.config, 'removeConfig'),
    ...checkTimes(changes.credentialExpiresAt),
    ...checkRemovals('credentials', changes.credentials, 'removeCredentials', changes.removeCredentials),
    ...checkRemovals('config', changes.config, 'removeConfig', changes.removeConfig),
    ...checkRemovals(
      'credentialExpiresAt',
      changes.credentialExpiresAt,
      'removeExpirations',
      changes.removeExpirations,
    ),
    ...checkRemovals(
      'credentialExpiresAt',
      changes.credentialExpiresAt,
      'removeCredentials',
      changes.removeCredentials,
    ),
  ]
}

// The removal would win, without a word.
function checkRemovals(
  field: string,
  entries: Readonly<Record<string, unknown>> = {},
  removal: string,
  removed: readonly string[] = [],
): Violation[] {
  return removed
    .filter((name) => Object.hasOwn(entries, name))
    .map((name) => violation(toPath(field, name), 'CONFLICT', `is in ${removal} too; leave one of the two out`))
}

function toPath(field: string, name: string): string {
  return `${field}[${JSON.stringify(name.slice(0, 64))}]`
}

function checkEntries(field: string, entries: Readonly<Record<string, unknown>> = {}, max: number): Violation[] {
  const names = Object.keys(entries)
  return [
    ...checkCount(field, names.length, max),
    ...names.flatMap((name) => {
      const path = toPath(field, name)
      const value = entries[name]
      if (typeof value !== 'string') return [violation(path, 'TYPE_MISMATCH', `must be a text, got ${typeof value}`)]
      return [...checkLength(path, name, 256), ...checkValueLength(path, value)]
    }),
  ]
}

function checkValueLength(path: string, value: string): Violation[] {
  return byteLength(value) > 8192 ? [violation(path, 'TOO_LONG', 'value exceeds maximum length (8192 bytes)')] : []
}

function checkNotEmpty(field: string, entries: Readonly<Record<string, string>> = {}, removal: string): Violation[] {
  return Object.keys(entries)
    .filter((name) => entries[name] === '')
    .map((name) => violation(toPath(field, name), 'REQUIRED', `is empty; name it in ${removal} to remove it`))
}

function checkTimes(times: Readonly<Record<string, unknown>> = {}): Violation[] {
  return Object.entries(times)
    .filter(([, time]) => !(time instanceof Date) || !(time.getTime() > 0))
    .map(([name]) => violation(toPath('credentialExpiresAt', name), 'TYPE_MISMATCH', 'must be a Date after 1970'))
}
