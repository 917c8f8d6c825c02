import { toBinary } from '@bufbuild/protobuf'
import { GetCapabilitiesResponseSchema } from '@openshell-ts/protocol/compute'
import { answerOf, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { findAcknowledgementProblem } from './find-acknowledgement-problem.js'
import { findPeerProblem } from './find-peer-problem.js'

/** What a gateway asks when it starts, and what line 0.1 asks before every operation. */
export const handshakeCases: readonly ConformanceCase[] = [
  {
    id: 'handshake/capabilities',
    title: 'the driver tells its name and version',
    rule: 'A gateway asks for the capabilities when it starts; any error stops it. Only line 0.1 introduces itself.',
    async run(session) {
      const { driverName, driverVersion } = await session.capabilities()
      expectThat(
        driverName !== '' && driverVersion !== '',
        'a name and a version',
        `"${driverName}" "${driverVersion}"`,
      )
    },
  },
  {
    id: 'handshake/constant',
    title: 'the capabilities stay the same',
    rule: 'The answer is the same for the life of the process: line 0.1 compares the acknowledgement byte by byte.',
    async run(session) {
      const encode = async () =>
        Buffer.from(toBinary(GetCapabilitiesResponseSchema, await session.capabilities())).toString('base64')
      const first = await encode()
      for (let count = 1; count < 10; count += 1) {
        expectThat((await encode()) === first, 'ten equal answers', `another answer the ${count + 1}. time`)
      }
    },
  },
  {
    id: 'handshake/extension',
    title: 'the driver introduces itself to line 0.1',
    rule: 'A gateway of line 0.1 refuses to start with a driver without valid PeerMetadata of protocol 1.x.',
    lines: ['0.1'],
    async run(session) {
      const problem = findPeerProblem((await session.capabilities()).extension)
      expectThat(problem === undefined, 'valid PeerMetadata in extension', problem ?? '')
    },
  },
  {
    id: 'handshake/acknowledgement',
    title: 'the driver acknowledges the admission policy',
    rule: 'resource_admission_policy is "v1:" and the policy as JSON; a gateway of line 0.1 does not start when it differs from its own.',
    lines: ['0.1'],
    async run(session) {
      const problem = findAcknowledgementProblem((await session.capabilities()).resourceAdmissionPolicy)
      expectThat(problem === undefined, 'an acknowledgement of resource admission v1', problem ?? '')
    },
  },
  {
    id: 'handshake/runtime-identity',
    title: 'Create and Start answer the same runtime identity',
    rule: 'A driver that authenticates sandboxes names the backend object in Create and Start alike; without it the gateway deletes or stops the sandbox.',
    lines: ['0.1'],
    async run(session) {
      if (!(await session.capabilities()).supportsSandboxAuthentication) {
        throw new CaseUnsupported('the driver does not authenticate sandboxes')
      }
      const sandbox = session.newSandbox()
      const created = answerOf(await session.create(sandbox), 'CreateSandbox').runtimeIdentity
      expectThat(created !== '', 'a runtime_identity in the answer to CreateSandbox', 'an empty one')
      const started = answerOf(await session.start(sandbox), 'StartSandbox').runtimeIdentity
      expectThat(started === created, `the runtime_identity ${created}`, started)
    },
  },
  {
    id: 'handshake/authenticate',
    title: 'a credential that nobody issued is refused',
    rule: 'AuthenticateSandbox names a sandbox only for its own credential.',
    lines: ['0.1'],
    async run(session) {
      const outcome = await session.call('authenticateSandbox', { credential: 'conformance' })
      if (!(await session.capabilities()).supportsSandboxAuthentication) {
        throw new CaseUnsupported('the driver does not authenticate sandboxes')
      }
      refusalOf(outcome, 'AuthenticateSandbox with a made-up credential', 'UNAUTHENTICATED', 'PERMISSION_DENIED')
    },
  },
  {
    id: 'handshake/listeners',
    title: 'listener requirements are empty or use an interface selector',
    rule: 'exact_bind_address changed its type between releases and must not be used; errors other than UNIMPLEMENTED stop the gateway.',
    lines: ['0.0'],
    async run(session) {
      const outcome = await session.call('getGatewayListenerRequirements', {})
      if (!outcome.ok && outcome.code === 'UNIMPLEMENTED') throw new CaseUnsupported('the driver has no requirements')
      const { requirements } = answerOf(outcome, 'GetGatewayListenerRequirements')
      const cases = requirements.map(({ selector }) => selector.case ?? 'none')
      const wrong = cases.find((selector) => selector === 'none' || selector === 'exactBindAddress')
      expectThat(wrong === undefined, 'interface selectors only', `the selector ${wrong}`)
    },
  },
  {
    id: 'handshake/workspaces',
    title: 'a workspace can be ensured and deleted twice',
    rule: 'EnsureWorkspace and DeleteWorkspace are idempotent; UNIMPLEMENTED is fine.',
    async run(session) {
      const workspace = 'conf-workspace'
      const first = await session.call('ensureWorkspace', { workspace })
      if (!first.ok && first.code === 'UNIMPLEMENTED') throw new CaseUnsupported('the driver has no workspaces')
      answerOf(first, 'EnsureWorkspace')
      answerOf(await session.call('ensureWorkspace', { workspace }), 'a second EnsureWorkspace')
      answerOf(await session.call('deleteWorkspace', { workspace }), 'DeleteWorkspace')
      answerOf(await session.call('deleteWorkspace', { workspace }), 'a second DeleteWorkspace')
    },
  },
]
