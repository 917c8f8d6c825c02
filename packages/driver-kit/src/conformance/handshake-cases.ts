import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toBinary } from '@bufbuild/protobuf'
import { GetCapabilitiesResponseSchema } from '@openshell-ts/protocol/compute'
import { answerOf, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { findAcknowledgementProblem } from './find-acknowledgement-problem.js'
import { findPeerProblem } from './find-peer-problem.js'

const writableByOthers = 0o002
const reachableByOthers = 0o001

/** What a gateway asks when it starts, and what line 0.1 asks before every operation. */
export const handshakeCases: readonly ConformanceCase[] = [
  {
    id: 'handshake/capabilities',
    title: 'the driver tells its name and version',
    section: 'driver contract 10, GetCapabilities',
    rule: 'A gateway asks for the capabilities when it starts; any error stops it. Only line 0.1 introduces itself.',
    change: 'Answer GetCapabilities with driver_name and driver_version, also when the request has no gateway.',
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
    section: 'driver contract 10, GetCapabilities',
    rule: 'The answer is the same for the life of the process: line 0.1 compares the acknowledgement byte by byte.',
    change: 'Build the answer once, when the driver starts.',
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
    section: 'driver contract 17.1, PeerMetadata',
    rule: 'A gateway of line 0.1 refuses to start with a driver without valid PeerMetadata of protocol 1.x, or with one that requires what the gateway does not have.',
    change:
      'Fill extension: protocol_version 1.0, a name and a version, openshell.compute.contract among the supported capabilities, and no required capability that the gateway has not listed.',
    lines: ['0.1'],
    async run(session) {
      const problem = findPeerProblem((await session.capabilities()).extension)
      expectThat(problem === undefined, 'valid PeerMetadata in extension', problem ?? '')
    },
  },
  {
    id: 'handshake/acknowledgement',
    title: 'the driver acknowledges the admission policy',
    section: 'driver contract 17.2, admission acknowledgement',
    rule: 'resource_admission_policy is "v1:" and the policy as JSON; a gateway of line 0.1 does not start when it differs from its own.',
    change: "Fill resource_admission_policy from the operator's setting.",
    lines: ['0.1'],
    async run(session) {
      const problem = findAcknowledgementProblem((await session.capabilities()).resourceAdmissionPolicy)
      expectThat(problem === undefined, 'an acknowledgement of resource admission v1', problem ?? '')
    },
  },
  {
    id: 'handshake/runtime-identity',
    title: 'Create and Start answer the same runtime identity',
    section: 'driver contract 17.5, runtime_identity',
    rule: 'A driver that authenticates sandboxes names the backend object in Create and Start alike; without it the gateway deletes or stops the sandbox.',
    change: 'Answer CreateSandbox and StartSandbox with one stable runtime_identity for each sandbox.',
    lines: ['0.1'],
    async run(session) {
      const sandbox = session.newSandbox()
      const created = answerOf(await session.create(sandbox), 'CreateSandbox').runtimeIdentity
      const started = answerOf(await session.start(sandbox), 'StartSandbox').runtimeIdentity
      const needed = (await session.capabilities()).supportsSandboxAuthentication
      if (!needed && created === '' && started === '') {
        throw new CaseUnsupported('the driver does not authenticate sandboxes and names no identity')
      }
      expectThat(created !== '', 'a runtime_identity in the answer to CreateSandbox', 'an empty one')
      expectThat(started === created, `the runtime_identity ${created}`, started)
    },
  },
  {
    id: 'handshake/authenticate',
    title: 'a credential that nobody issued is refused',
    section: 'driver contract 10, AuthenticateSandbox',
    rule: 'AuthenticateSandbox names a sandbox only for its own credential; a driver without authentication answers UNIMPLEMENTED.',
    change: 'Check the credential, or leave supports_sandbox_authentication and the method out.',
    lines: ['0.1'],
    async run(session) {
      const { supportsSandboxAuthentication } = await session.capabilities()
      const codes = supportsSandboxAuthentication ? ['UNAUTHENTICATED', 'PERMISSION_DENIED'] : ['UNIMPLEMENTED']
      const outcome = await session.call('authenticateSandbox', { credential: 'conformance' })
      refusalOf(outcome, 'AuthenticateSandbox with a made-up credential', ...codes)
    },
  },
  {
    id: 'handshake/listeners',
    title: 'listener requirements are empty or use an interface selector',
    section: 'driver contract 10, GetGatewayListenerRequirements',
    rule: 'exact_bind_address changed its type between releases and must not be used; errors other than UNIMPLEMENTED stop the gateway.',
    change: 'Answer an empty list, or default_route_interface or loopback_interface.',
    lines: ['0.0'],
    async run(session) {
      const outcome = await session.call('getGatewayListenerRequirements', {})
      if (!outcome.ok && outcome.code === 'UNIMPLEMENTED') return
      const { requirements } = answerOf(outcome, 'GetGatewayListenerRequirements')
      const cases = requirements.map(({ selector }) => selector.case ?? 'none')
      const wrong = cases.find((selector) => selector === 'none' || selector === 'exactBindAddress')
      expectThat(wrong === undefined, 'interface selectors only', `the selector ${wrong}`)
    },
  },
  {
    id: 'handshake/workspaces',
    title: 'a workspace can be ensured and deleted twice',
    section: 'driver contract 10, EnsureWorkspace and DeleteWorkspace',
    rule: 'EnsureWorkspace and DeleteWorkspace are idempotent; UNIMPLEMENTED is fine. Gateways delete workspaces that were never ensured.',
    change: 'Answer OK when the workspace is there already, or gone already.',
    async run(session) {
      const workspace = 'conf-workspace'
      const first = await session.call('deleteWorkspace', { workspace })
      if (!first.ok && first.code === 'UNIMPLEMENTED') {
        const outcome = await session.call('ensureWorkspace', { workspace })
        if (!outcome.ok) refusalOf(outcome, 'EnsureWorkspace', 'UNIMPLEMENTED')
        return
      }
      answerOf(first, 'DeleteWorkspace of a workspace that was never ensured')
      answerOf(await session.call('ensureWorkspace', { workspace }), 'EnsureWorkspace')
      answerOf(await session.call('ensureWorkspace', { workspace }), 'a second EnsureWorkspace')
      answerOf(await session.call('deleteWorkspace', { workspace }), 'DeleteWorkspace')
      answerOf(await session.call('deleteWorkspace', { workspace }), 'a second DeleteWorkspace')
    },
  },
  {
    id: 'handshake/socket-mode',
    title: 'other users cannot connect to the socket',
    section: 'driver contract 2, socket rules',
    rule: 'Nothing but file permissions guards the socket: who can connect can create and delete sandboxes.',
    change: 'Give the socket mode 0600, and its folder mode 0700.',
    async run({ run }) {
      const { socketPath } = run.options
      const [socket, folder] = await Promise.all([stat(socketPath), stat(dirname(socketPath))])
      const open = (socket.mode & writableByOthers) !== 0 && (folder.mode & reachableByOthers) !== 0
      const modes = [socket, folder].map(({ mode }) => `0${(mode & 0o777).toString(8)}`)
      expectThat(!open, 'a socket that other users cannot reach', `mode ${modes.join(' in a folder of mode ')}`)
    },
  },
]
