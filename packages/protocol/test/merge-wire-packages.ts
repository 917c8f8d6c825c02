import type { WireField, WireMessage, WireMethod, WirePackage } from './wire-table.js'

/**
 * The union of two tables of one package: everything that either declares.
 *
 * The second may add options and marks to what the first declares; anything else that differs is refused. A number that
 * one reserves and the other uses is used.
 */
export function mergeWirePackages(first: WirePackage, second: WirePackage): WirePackage {
  return {
    package: first.package,
    services: mergeRecords(first.services, second.services, (name, left, right) =>
      mergeRecords(left, right, (method, one, other) => mergeMethods(`${name}.${method}`, one, other)),
    ),
    messages: mergeRecords(first.messages, second.messages, mergeMessages),
    enums: mergeRecords(first.enums, second.enums, (name, left, right) =>
      mergeRecords(left, right, (value, one, other) => same(`${name}.${value}`, one, other)),
    ),
    extensions: { ...first.extensions, ...second.extensions },
  }
}

function mergeRecords<T>(
  first: Readonly<Record<string, T>>,
  second: Readonly<Record<string, T>>,
  merge: (name: string, first: T, second: T) => T,
): Record<string, T> {
  const merged: Record<string, T> = { ...first }
  for (const [name, value] of Object.entries(second)) {
    const known = merged[name]
    merged[name] = known === undefined ? value : merge(name, known, value)
  }
  return merged
}

function mergeMessages(name: string, first: WireMessage, second: WireMessage): WireMessage {
  const fields = new Map(first.fields.map((field) => [field.number, field]))
  for (const field of second.fields) {
    const known = fields.get(field.number)
    fields.set(field.number, known ? mergeFields(`${name}.${field.name}`, known, field) : field)
  }
  const reserved = [...(first.reserved ?? []), ...(second.reserved ?? [])].filter((number) => !fields.has(number))
  return { fields: [...fields.values()], reserved: [...new Set(reserved)] }
}

function mergeFields(path: string, first: WireField, second: WireField): WireField {
  for (const key of ['name', 'type', 'oneof'] as const) same(`${path} ${key}`, first[key], second[key])
  return { ...first, ...second }
}

function mergeMethods(path: string, first: WireMethod, second: WireMethod): WireMethod {
  for (const key of ['kind', 'input', 'output'] as const) same(`${path} ${key}`, first[key], second[key])
  return { ...first, ...second }
}

function same<T>(path: string, first: T, second: T): T {
  if (first !== second) throw new Error(`The tables disagree about ${path}: ${first} and ${second}.`)
  return first
}
