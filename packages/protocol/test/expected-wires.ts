import { mergeWirePackages } from './merge-wire-packages.js'
import { packageOf, readWireTables, type WireField, type WirePackage } from './wire-table.js'

/** Fields that line 0.1 renamed without moving them: one field of the superset contract carries both, under the new name. */
export const computeRenames: ReadonlyMap<string, string> = new Map(
  ['GetSandboxRequest', 'StopSandboxRequest', 'StartSandboxRequest', 'DeleteSandboxRequest', 'DriverSandboxStatus'].map(
    (message) => [`openshell.compute.v1.${message}.sandbox_name`, 'name'],
  ),
)

/** Secret fields of the compute contract: its tables hold no options, so the contract's own list is written out here. */
export const computeSecrets: ReadonlySet<string> = new Set([
  'openshell.compute.v1.AuthenticateSandboxRequest.credential',
  'openshell.compute.v1.DriverSandboxSpec.sandbox_token',
  'openshell.compute.v1.DriverSandboxSpec.launch_authentication',
  'openshell.compute.v1.StartSandboxRequest.launch_authentication',
])

const computePackage = 'openshell.compute.v1'

/** Line 0.0: gateway 0.0.111, and what 0.0.116 adds to it. The compute contract is not part of it. */
export function expectedLine00(): Map<string, WirePackage> {
  const tables = readWireTables('openshell-0.0.111.json')
  for (const [name, table] of readWireTables('openshell-0.0.116.json')) {
    tables.set(name, mergeWirePackages(packageOf(tables, name), table))
  }
  tables.delete(computePackage)
  return tables
}

/** Line 0.1: the public API of 0.1.5. */
export function expectedLine01(): Map<string, WirePackage> {
  return readWireTables('openshell-0.1.5.json')
}

/** The superset compute contract: both lines' tables, the renames and the secrets. */
export function expectedCompute(): Map<string, WirePackage> {
  const tables = readWireTables('compute-0.1.2.json')
  const line00 = packageOf(readWireTables('openshell-0.0.111.json'), computePackage)
  const renamed = mapFields(line00, (path, field) => ({ ...field, name: computeRenames.get(path) ?? field.name }))
  const merged = mergeWirePackages(renamed, packageOf(tables, computePackage))
  const marked = mapFields(merged, (path, field) =>
    computeSecrets.has(path) ? { ...field, options: { secret: true } } : field,
  )
  return tables.set(computePackage, marked)
}

function mapFields(table: WirePackage, change: (path: string, field: WireField) => WireField): WirePackage {
  const messages = Object.entries(table.messages).map(([name, message]) => [
    name,
    { ...message, fields: message.fields.map((field) => change(`${name}.${field.name}`, field)) },
  ])
  return { ...table, messages: Object.fromEntries(messages) }
}
