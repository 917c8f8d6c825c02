import type { WireField, WireMessage, WirePackage } from './wire-table.js'

/** Every difference between a table and what is generated, one sentence each; empty when they agree. */
export function compareWirePackages(expected: WirePackage, actual: WirePackage): string[] {
  return [
    ...compareLeaf(`package ${expected.package}`, expected.package, actual.package),
    ...compareRecords('service', expected.services, actual.services, (service, left, right) =>
      compareRecords(`method ${service}`, left, right, (_method, one, other, path) => compareLeaf(path, one, other)),
    ),
    ...compareRecords('message', expected.messages, actual.messages, compareMessages),
    ...compareRecords('enum', expected.enums, actual.enums, (name, left, right) =>
      compareRecords(`value ${name}`, left, right, (_value, one, other, path) => compareLeaf(path, one, other)),
    ),
    ...compareRecords(
      'extension',
      expected.extensions ?? {},
      actual.extensions ?? {},
      (_extension, left, right, path) => compareLeaf(path, left, right),
    ),
  ]
}

function compareRecords<T>(
  what: string,
  expected: Readonly<Record<string, T>>,
  actual: Readonly<Record<string, T>>,
  compare: (name: string, expected: T, actual: T, path: string) => string[],
): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
  return names.flatMap((name) => {
    const path = `${what} ${name}`
    const left = expected[name]
    const right = actual[name]
    if (left === undefined) return [`${path}: generated, but not in the table.`]
    if (right === undefined) return [`${path}: in the table, but not generated.`]
    return compare(name, left, right, path)
  })
}

function compareMessages(name: string, expected: WireMessage, actual: WireMessage): string[] {
  return [
    ...compareRecords(`field ${name}`, byNumber(expected.fields), byNumber(actual.fields), (_number, left, right) =>
      compareLeaf(`field ${name}.${left.name}`, left, right),
    ),
    ...compareLeaf(`reserved numbers of ${name}`, sorted(expected.reserved), sorted(actual.reserved)),
  ]
}

// Keyed by number and name, so that a missing field is named and a moved one shows up twice.
function byNumber(fields: readonly WireField[]): Record<string, WireField> {
  return Object.fromEntries(fields.map((field) => [`${field.name} = ${field.number}`, field]))
}

function sorted(numbers: readonly number[] = []): number[] {
  return [...numbers].sort((left, right) => left - right)
}

function compareLeaf(path: string, expected: unknown, actual: unknown): string[] {
  const [left, right] = [canonical(expected), canonical(actual)]
  return left === right ? [] : [`${path}: the table says ${left}, generated is ${right}.`]
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  )
}
