import { isDeepStrictEqual } from 'node:util'
import type { ConfigIssue } from '@openshell-ts/driver-config'
import type { Driver } from '../driver/driver.js'
import type { FileEdit } from './config-file/config-file.js'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'
import { type ConfigShape, findConfigSite } from './config-file/find-config-site.js'
import { listEdits } from './config-file/list-edits.js'
import { type OpenedFile, readConfigText } from './config-file/open-config-file.js'
import { rootFieldNames } from './docs/field-names.js'
import { findingOf, type LintFinding } from './lint-report.js'

/** Where to go. */
export interface MigrateConfigOptions {
  /** A version that the driver reads. */
  readonly to: number
  /** What the file is; found out when absent. */
  readonly shape?: ConfigShape
}

/** What became of a file's block. */
export type MigratedFile =
  | { readonly ok: false; readonly findings: readonly LintFinding[] }
  | {
      readonly ok: true
      /** The version that the block declared. */
      readonly from: number
      /** The whole file with the block in the other version. The same text when there is nothing to do. */
      readonly text: string
      /** What the migration could not carry over. */
      readonly losses: readonly ConfigIssue[]
    }

/**
 * Brings the driver's block of a file to another version; everything else stays as it is.
 *
 * @throws CouldNotCheckError when the file has no block for the driver.
 */
export async function migrateConfig(
  driver: Driver,
  opened: OpenedFile,
  options: MigrateConfigOptions,
): Promise<MigratedFile> {
  const { config, name: driverName, version: driverVersion } = driver
  const { file, name, text } = opened
  const { to, shape } = options
  const known = { driverName, fieldNames: rootFieldNames(config) }
  const site = findConfigSite(file.value, shape === undefined ? known : { ...known, shape })
  if (site.block === undefined) {
    throw new CouldNotCheckError(`${name} has no block for driver ${driverName}; there is nothing to migrate.`)
  }
  const context = { driverVersion }
  // Only the structure counts for a migration: what an operator or a request allows is not asked here.
  const result = config.migrate(site.block, { to, context })
  if (!result.ok) {
    return { ok: false, findings: result.issues.map((issue) => findingOf(file, site.steps, issue)) }
  }
  const from = result.declaredVersion
  const losses = result.warnings.filter(({ code }) => code === 'MIGRATION_LOSSY')
  // A block that is there already keeps its form: its defaults need not be written out.
  const after = from === to ? { ...Object(site.block), schema_version: to } : result.value
  const edits = listEdits(site.block, after, site.steps).map(putMarkerFirst)
  if (edits.length === 0) return { ok: true, from, text, losses: [] }
  const wanted = replaceAt(file.value, site.steps, after)
  return {
    ok: true,
    from,
    text: await writeEdits(opened, edits, [{ steps: site.steps, value: after }], wanted),
    losses,
  }
}

function putMarkerFirst(edit: FileEdit): FileEdit {
  return edit.steps.at(-1) === 'schema_version' ? { ...edit, first: true } : edit
}

/** Small edits keep comments. Where they do not give what is wanted, as with aliases of YAML, the block is written anew. */
async function writeEdits(
  { file, name }: OpenedFile,
  small: readonly FileEdit[],
  whole: readonly FileEdit[],
  wanted: unknown,
): Promise<string> {
  for (const edits of [small, whole]) {
    try {
      const text = file.edit(edits)
      const written = await readConfigText(text, name)
      if (isDeepStrictEqual(written.value, wanted)) return text
    } catch {
      // The next way may do.
    }
  }
  throw new CouldNotCheckError(`${name} cannot be edited; write its block without aliases, or as JSON.`)
}

function replaceAt(document: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value
  const source = Object(document) as Record<string, unknown>
  return { ...source, [step]: replaceAt(source[step], rest, value) }
}
