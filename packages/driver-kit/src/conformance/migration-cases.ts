import { answerOf, describeOutcome, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import { requireOpenGate } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'
import { goodBlock, stamped } from './good-block.js'
import type { PublishedIndex, PublishedVersion } from './published-index.js'
import { schemaAccepts } from './schema-validator.js'

/** Blocks of all versions on their way to a sandbox. */
export function migrationCases(index: PublishedIndex): readonly ConformanceCase[] {
  return [
    ...index.schemas.map(createdCase),
    refusedCase('too-new', 'a block of a version that is too new', [index.versions.max + 1]),
    refusedCase(
      'removed',
      'a block of a version that was removed',
      Array.from({ length: Math.max(0, index.versions.min - 1) }, (_, before) => before + 1),
    ),
  ]
}

function createdCase(version: PublishedVersion): ConformanceCase {
  return {
    id: `migration/v${version.version}`,
    title: `sandboxes can be created with blocks of schema_version ${version.version}`,
    section: 'config lineage 13, migration',
    rule: 'Every version that is read leads to a sandbox: an old block is brought to the current version, whatever it says.',
    change:
      'Correct the migration: its result must be a good block of the next version for every block that is accepted.',
    level: 'L3',
    async run(session) {
      await requireOpenGate(session)
      const made = goodBlock(version)
      const blocks = [...(made === undefined ? [] : [made]), ...version.examples.valid]
      if (blocks.length === 0) throw new CaseUnsupported('no good block could be made from the schema')
      for (const [index, block] of blocks.entries()) {
        const sandbox = session.newSandbox({}, stamped(version, block))
        answerOf(await session.create(sandbox), `CreateSandbox with good block ${index + 1}`)
        expectThat((await session.get(sandbox)) !== undefined, 'Get to have the sandbox', 'an answer without one')
      }
      await checkBareBlock(session, version)
    },
  }
}

// The least that a version can say meets the most defaults on its way.
async function checkBareBlock(session: ConformanceSession, version: PublishedVersion): Promise<void> {
  const bare = stamped(version, {})
  if (!schemaAccepts(version.schema, bare)) return
  const sandbox = session.newSandbox({}, bare)
  if ((await session.validate(sandbox)).ok) answerOf(await session.create(sandbox), 'CreateSandbox with a bare marker')
}

function refusedCase(name: string, what: string, versions: readonly number[]): ConformanceCase {
  return {
    id: `migration/${name}`,
    title: `${what} is not created`,
    section: 'config lineage 2.3, marker messages',
    rule: 'CreateSandbox refuses what Validate refuses, with FAILED_PRECONDITION and the same reason, and leaves nothing.',
    change: 'Check schema_version in CreateSandbox too, before anything is made.',
    level: 'L3',
    async run(session) {
      if (versions.length === 0) throw new CaseUnsupported('no version has been removed')
      await requireOpenGate(session)
      for (const schema_version of versions) {
        const sandbox = session.newSandbox({}, { schema_version })
        const outcome = await session.create(sandbox)
        const { message } = refusalOf(
          outcome,
          `CreateSandbox with schema_version ${schema_version}`,
          'FAILED_PRECONDITION',
        )
        expectThat(message.includes('schema_version'), 'a message that names schema_version', describeOutcome(outcome))
        const left = (await session.list()).some(({ id }) => id === sandbox.id)
        expectThat(!left, 'nothing left of a refused create', 'the sandbox in the list')
      }
    },
  }
}
