import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { answerOf, describeOutcome, type RefusedCall, refusalOf } from './call-outcome.js'
import { CaseFailure, CaseSkip, CaseUnsupported, expectThat } from './case-outcome.js'
import { configSites } from './config-site.js'
import { badRequestOf, compareVerdicts, requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import { stamped } from './good-block.js'
import type { InvalidPublishedExample } from './published-examples.js'
import type { PublishedVersion } from './published-index.js'
import { sampleValue } from './sample-value.js'
import { probeDocuments } from './structure-cases.js'

/** What holds for each published version as a whole. */
export function versionCases(versions: readonly PublishedVersion[]): readonly ConformanceCase[] {
  return versions.flatMap((version) => [
    exampleCase(version),
    invalidExampleCase(version),
    warningCase(version),
    agreementCase(version),
  ])
}

function exampleCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `examples/v${version.version}`,
    title: `the published examples of schema_version ${version.version} are accepted`,
    section: 'config lineage 13, examples',
    rule: 'A published example works as it is: people copy it.',
    change: 'Correct the example, or the check that refuses it.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const { valid } = version.examples
      if (valid.length === 0) throw new CaseSkip('the driver publishes no examples; publish them beside the schema')
      for (const [index, example] of valid.entries()) {
        answerOf(await verdictOn(session, stamped(version, example)), `example ${index + 1}`)
      }
    },
  }
}

function invalidExampleCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `examples/invalid-v${version.version}`,
    title: `the published invalid examples of schema_version ${version.version} are refused with their codes`,
    section: 'config lineage 13, examples',
    rule: 'An invalid example shows what is refused and how: its code is the reason of a violation at its path.',
    change: 'Correct the example, or refuse it with the code and the path that it shows.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const { invalid } = version.examples
      if (invalid.length === 0) throw new CaseSkip('the driver publishes no invalid examples')
      for (const [index, example] of invalid.entries()) {
        const what = `invalid example ${index + 1}`
        const outcome = await verdictOn(session, stamped(version, example.value))
        checkCode(refusalOf(outcome, what, 'INVALID_ARGUMENT', 'FAILED_PRECONDITION'), what, example)
      }
    },
  }
}

// Without details the reason cannot be seen; whether they are there is a case of its own.
function checkCode(refused: RefusedCall, what: string, { code, path }: InvalidPublishedExample): void {
  const violations = badRequestOf(refused)?.fieldViolations
  if (violations === undefined || code === undefined) return
  const found = violations.some(({ reason, field }) => reason === code && (path === undefined || field === path))
  const seen = violations.map(({ reason, field }) => `${reason} at ${field}`).join(', ')
  expectThat(found, `${what} to have the violation ${code}${path === undefined ? '' : ` at ${path}`}`, seen)
}

function warningCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `warnings/v${version.version}`,
    title: 'a deprecated field is accepted with a warning event',
    section: 'config lineage 13, warnings',
    rule: 'A deprecation changes no verdict; a Warning event on the sandbox is its only way to users.',
    change: 'Send a platform event of the type Warning that names the field, after Create.',
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
    section: 'config lineage 13, agreement',
    rule: 'The published schema is what editors and clients check with; a difference misleads in one of two ways.',
    change: 'Make the check and the schema from one source, or correct the one that is wrong.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const differences: string[] = []
      const documents = agreementDocuments(version)
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

function agreementDocuments(version: PublishedVersion): readonly { place: string; document: JsonObject }[] {
  const published = [...version.examples.valid, ...version.examples.invalid.map(({ value }) => value)]
  const examples = published.map((document, index) => ({
    place: `example ${index + 1}`,
    document: stamped(version, document),
  }))
  return [...probeDocuments(version), ...examples]
}
