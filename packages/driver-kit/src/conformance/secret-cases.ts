import { toJsonString } from '@bufbuild/protobuf'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import { configSites } from './config-site.js'
import { requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { PublishedVersion } from './published-index.js'
import { fence } from './sandbox-story.js'

const planted = 'conformance-planted-secret'
const rule =
  'A reply never contains a value of a block, a token or an environment: values may be secrets, and replies are logged.'

/** Values that look like secrets, planted where the driver could repeat them. */
export const secretCases: readonly ConformanceCase[] = [
  {
    id: 'secrets/launch-material',
    title: 'token and environment turn up nowhere',
    section: 'driver contract 15, sandbox token',
    rule,
    change: 'Keep tokens, launch data and environment out of reports, conditions and errors.',
    async run(session) {
      const sandbox = session.newSandbox({
        sandboxToken: planted,
        environment: { CONFORMANCE: planted },
        ...(session.line === '0.1' ? { launchAuthentication: Buffer.from(planted) } : {}),
      })
      const watch = await session.watch()
      const outcome = await session.create(sandbox)
      if (!outcome.ok)
        expectThat(!outcome.everything.includes(planted), 'an error without the secret', 'the secret in it')
      else {
        await session.start(sandbox, Buffer.from(planted))
        await fence(session, watch)
      }
      const reports = [...(await session.list()), ...watch.snapshots(sandbox.id)]
      const text = reports.map((report) => toJsonString(DriverSandboxSchema, report)).join('\n')
      const encoded = Buffer.from(planted).toString('base64')
      expectThat(!text.includes(planted) && !text.includes(encoded), 'reports without secrets', 'a secret in a report')
    },
  },
  {
    id: 'secrets/unknown-key',
    title: 'the value of an unknown key is not repeated',
    section: 'config lineage 13, secrets',
    rule,
    change: 'Describe the problem without the value.',
    level: 'L1',
    async run(session) {
      await requireOpenGate(session)
      const outcome = await verdictOn(session, { conformance_unknown_key: planted })
      const leaks = !outcome.ok && outcome.everything.includes(planted)
      expectThat(!leaks, 'a refusal without the value', 'the value in the refusal')
    },
  },
  {
    id: 'secrets/refused-create',
    title: 'a refused create does not repeat the block',
    section: 'config lineage 13, secrets',
    rule,
    change: 'Use the texts of Validate for Create, without values.',
    level: 'L1',
    async run(session) {
      const outcome = await session.create(session.newSandbox({}, { conformance_unknown_key: planted }))
      const leaks = !outcome.ok && outcome.everything.includes(planted)
      expectThat(!leaks, 'a refusal without the value', 'the value in the refusal')
    },
  },
]

/** The same at every place of each published version. */
export function secretSiteCases(versions: readonly PublishedVersion[]): readonly ConformanceCase[] {
  return versions.map((version) => ({
    id: `secrets/v${version.version}`,
    title: 'a wrong value is not repeated, whatever its field is',
    section: 'config lineage 13, secrets',
    rule,
    change: 'Describe the problem by kind and bound, without the value.',
    level: 'L1',
    async run(session) {
      await requireOpenGate(session)
      const sites = configSites(version).filter(({ path }) => path !== '')
      if (sites.length === 0) throw new CaseUnsupported('the version has no fields')
      for (const site of sites) {
        for (const value of [planted, [planted], { conformance_unknown_key: planted }]) {
          const outcome = await verdictOn(session, site.place(value))
          const leaks = !outcome.ok && outcome.everything.includes(planted)
          expectThat(!leaks, `a refusal of ${site.path} without the value`, 'the value in the refusal')
        }
      }
    },
  }))
}
