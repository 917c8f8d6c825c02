import type { DriverOnlyPart } from '../check/driver-only-part.js'
import type { BundleData } from './bundle-data.js'
import { isPortable } from './read-operations.js'

/** Everything in a bundle that only the driver can do. */
export function listDriverOnly({ versions, hops, gates, lookups }: BundleData): readonly DriverOnlyPart[] {
  const rules = versions.flatMap(({ version, rules: all }) =>
    all
      .filter(({ portable }) => portable === undefined)
      .map(
        ({ name, revision, description }): DriverOnlyPart => ({
          kind: 'rule',
          name: `${name}@${revision}`,
          version,
          ...(description === undefined ? {} : { description }),
        }),
      ),
  )
  const steps = hops.flatMap(({ from, to, ops, down }): DriverOnlyPart[] => [
    ...(isPortable(ops) ? [] : [{ kind: 'migration' as const, name: `${from} to ${to}`, version: from }]),
    ...(down === 'code' ? [{ kind: 'migration' as const, name: `${to} to ${from}`, version: to }] : []),
  ])
  return Object.freeze([
    ...rules,
    ...steps,
    ...gates.map((name): DriverOnlyPart => ({ kind: 'gate', name })),
    ...lookups.map(({ what, path }): DriverOnlyPart => ({ kind: 'lookup', name: path, description: what })),
  ])
}
