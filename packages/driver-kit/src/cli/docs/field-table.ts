import { type ConfigField, describeFields } from './describe-fields.js'
import { code, plain, table } from './markdown.js'
import type { VersionData } from './published-data.js'

/** The fields of a version, one a row. */
export function fieldTable({ schema, deprecated = {} }: Pick<VersionData, 'schema' | 'deprecated'>): string[] {
  const titles = ['Field', 'Type', 'Default', 'Since', 'Notes', 'Meaning']
  return table(
    titles,
    describeFields(schema).map((field) => [
      code(field.path),
      plain(field.type),
      field.default === undefined ? '' : code(JSON.stringify(field.default)),
      field.since ?? '',
      notesOf(field, deprecated).join('; '),
      field.description ?? '',
    ]),
  )
}

function notesOf(field: ConfigField, deprecated: NonNullable<VersionData['deprecated']>): string[] {
  const { required, unit, experimental, printable, secret, path } = field
  const told = Object.entries(deprecated).flatMap(([place, { since, message, replacedBy, removedIn, sunset }]) => {
    const [template, value] = place.split('=')
    if (template !== path) return []
    const what = value === undefined ? '' : `${code(value)} is `
    const until = [
      ...(removedIn === undefined ? [] : [`gone in schema_version ${removedIn}`]),
      ...(sunset === undefined ? [] : [`may go after ${sunset}`]),
      ...(replacedBy === undefined ? [] : [`use ${replacedBy.map(code).join(' and ')}`]),
    ]
    return [`${what}deprecated since ${since}: ${[message.replace(/\.$/, ''), ...until].join(', ')}`]
  })
  return [
    ...(required ? ['required'] : []),
    ...(unit === undefined ? [] : [`in ${unit}`]),
    ...(experimental ? ['experimental'] : []),
    ...(told.length > 0 || !field.deprecated ? told : ['deprecated']),
    ...(secret === undefined ? [] : [`a reference to ${secret}, never shown`]),
    ...(printable ? ['reports may show it'] : []),
  ]
}
