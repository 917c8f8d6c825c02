import type { DriverConfig } from '@openshell-ts/driver-config'
import { describeIssue } from '@openshell-ts/driver-config'
import { type ConfigField, describeFields } from './describe-fields.js'
import { code, fence } from './markdown.js'
import type { VersionData } from './published-data.js'

/** What is different from the version before, and what becomes of its full example. */
export function versionChanges(config: DriverConfig<unknown>, before: VersionData, version: VersionData): string[] {
  const [old, present] = [before, version].map(({ schema }) => byPath(describeFields(schema))) as [Fields, Fields]
  const replaced = Object.entries(version.replaces)
  const gone = [...old.keys()].filter((path) => !present.has(path) && !Object.hasOwn(version.replaces, path))
  const replacements = new Set(Object.values(version.replaces))
  const added = [...present.keys()].filter((path) => !old.has(path) && !replacements.has(path))
  const changed = [...present].filter(([path, field]) => {
    const earlier = old.get(path)
    return earlier !== undefined && summarise(earlier) !== summarise(field)
  })
  const lines = [
    ...replaced.map(([from, to]) => `- ${code(from)} is replaced by ${code(to)}.`),
    ...gone.map((path) => `- ${code(path)} is gone.`),
    ...added.map((path) => `- ${code(path)} is new.`),
    ...changed.map(([path, field]) => {
      return `- ${code(path)} was ${summarise(old.get(path) ?? field)}, and is ${summarise(field)}.`
    }),
  ]
  const list = lines.length === 0 ? ['- No field.'] : lines
  return [...list, '', ...migratedExample(config, before, version.version)]
}

type Fields = ReadonlyMap<string, ConfigField>

function byPath(fields: readonly ConfigField[]): Fields {
  return new Map(fields.map((field) => [field.path, field]))
}

function summarise({ type, required, default: value }: ConfigField): string {
  return [
    type,
    required ? 'required' : 'optional',
    ...(value === undefined ? [] : [`default ${JSON.stringify(value)}`]),
  ].join(', ')
}

function migratedExample(config: DriverConfig<unknown>, { version, examples }: VersionData, to: number): string[] {
  const result = config.migrate(examples.full, { to })
  // An example may ask for what only a request can say.
  if (!result.ok) return []
  const losses = result.warnings.filter(({ code: each }) => each === 'MIGRATION_LOSSY')
  return [
    `A block of schema_version ${version}:`,
    '',
    ...fence('json', JSON.stringify(examples.full, undefined, 2)),
    '',
    `becomes:`,
    '',
    ...fence('json', JSON.stringify(result.value, undefined, 2)),
    ...(losses.length === 0 ? [] : ['', ...losses.map((loss) => `- Lost: ${describeIssue(loss)}`)]),
  ]
}
