import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { answerOf, describeOutcome } from './call-outcome.js'
import { CaseFailure, CaseUnsupported } from './case-outcome.js'
import { configSites } from './config-site.js'
import { compareVerdicts, requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { PublishedVersion } from './published-index.js'
import { isSchema, sampleValue, schemaList } from './sample-value.js'
import { probeDocuments } from './structure-cases.js'

/** What holds for each published version as a whole. */
export function versionCases(versions: readonly PublishedVersion[]): readonly ConformanceCase[] {
  return versions.flatMap((version) => [
    exampleCase(version),
    migrationCase(version),
    warningCase(version),
    agreementCase(version),
  ])
}

function exampleCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `examples/v${version.version}`,
    title: `the published examples of schema_version ${version.version} are accepted`,
    rule: 'A published example works as it is: people copy it.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const examples = Array.isArray(version.schema['examples']) ? schemaList(version.schema['examples']) : []
      if (examples.length === 0) throw new CaseUnsupported('the schema has no examples')
      for (const [index, example] of examples.entries()) {
        answerOf(await verdictOn(session, stamped(version, example)), `example ${index + 1}`)
      }
    },
  }
}

function migrationCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `migration/v${version.version}`,
    title: `a sandbox can be created with a block of schema_version ${version.version}`,
    rule: 'Every version that is read leads to a sandbox: an old block is brought to the current version.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const block = sampleValue(version.schema)
      if (!isSchema(block)) throw new CaseUnsupported('no good block could be made from the schema')
      await session.createGood(session.newSandbox({}, stamped(version, block)))
    },
  }
}

function warningCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `warnings/v${version.version}`,
    title: 'a deprecated field is accepted with a warning event',
    rule: 'A deprecation changes no verdict; a Warning event on the sandbox is its only way to users.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const site = configSites(version).find(({ schema }) => schema['deprecated'] === true)
      const value = site === undefined ? undefined : sampleValue(site.schema)
      if (site === undefined || value === undefined) throw new CaseUnsupported('the schema has no deprecated field')
      const watch = await session.watch()
      const { id } = await session.createGood(session.newSandbox({}, site.place(value)))
      await watch.until(
        `a Warning event about ${site.path}`,
        ({ payload }) =>
          payload.case === 'platformEvent' &&
          payload.value.sandboxId === id &&
          payload.value.event?.type === 'Warning' &&
          payload.value.event.message.includes(site.key),
      )
    },
  }
}

function agreementCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `agreement/v${version.version}`,
    title: 'the driver accepts exactly what its schema accepts',
    rule: 'The published schema is what editors and clients check with; a difference misleads in one of two ways.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const differences: string[] = []
      const documents = probeDocuments(version)
      for (const { place, document } of documents) {
        const { agreement, outcome } = await compareVerdicts(session, version, document)
        if (agreement === 'agree' || agreement === 'beyond-schema') continue
        differences.push(`${place}: ${agreement}, ${describeOutcome(outcome)}`)
      }
      if (differences.length === 0) return
      const agreed = documents.length - differences.length
      throw new CaseFailure(
        `agreement on all ${documents.length} documents`,
        `agreement on ${agreed} (${((agreed / documents.length) * 100).toFixed(1)} %); ${differences.join(' · ')}`,
      )
    },
  }
}

function stamped({ version }: PublishedVersion, block: JsonObject): JsonObject {
  return { ...block, schema_version: version }
}
