import { CaseSkip } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { errorCases, fieldErrorCases } from './error-cases.js'
import { limitCases } from './limit-cases.js'
import { markerCases } from './marker-cases.js'
import { migrationCases } from './migration-cases.js'
import type { PublishedIndex } from './published-index.js'
import { secretCases, secretSiteCases } from './secret-cases.js'
import { selectedCases } from './selected-cases.js'
import { structureCases } from './structure-cases.js'
import { versionCases } from './version-cases.js'

/** Groups that are made from published schemas. */
const schemaGroups = [
  ...['marker', 'unknown', 'types', 'null', 'bounds', 'enum', 'required'],
  ...['examples', 'migration', 'warnings', 'agreement'],
]

/** Everything about the block. Without published schemas the groups that need them are skipped, one case each. */
export function configCases(index: PublishedIndex | undefined): readonly ConformanceCase[] {
  const always = [...selectedCases, ...errorCases, ...limitCases, ...secretCases]
  if (index === undefined) return [...always, ...fieldErrorCases.map(skipped), ...schemaGroups.map(skippedGroup)]
  return [
    ...always,
    ...fieldErrorCases,
    ...secretSiteCases(index.schemas),
    ...markerCases(index),
    ...structureCases(index.schemas),
    ...migrationCases(index),
    ...versionCases(index.schemas),
  ]
}

function skippedGroup(group: string): ConformanceCase {
  return skipped({
    id: `${group}/all`,
    title: `the cases of ${group}, one for each place of the published schemas`,
    section: `config lineage 13, ${group}`,
    rule: 'The driver accepts what its published schemas accept.',
    change: 'Pass the published schemas to the suite.',
  })
}

/** A case that cannot be made without published schemas. */
export function skipped(one: Omit<ConformanceCase, 'run'>): ConformanceCase {
  return {
    ...one,
    async run() {
      throw new CaseSkip('needs the published schemas of the driver, as its "config schema" prints them')
    },
  }
}
