import { create, type DescMessage, type DescMethod, type DescService, toBinary } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
import { Inference, OpenShell, WorkspaceRole } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell, WorkspaceSelectorSchema } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { type MethodRule, methodRule } from '../src/auth/method-rule.js'
import { LaterSetup, scope } from './later-setup.js'
import { Setup } from './test-client.js'

const users = [
  { token: 'root-token', subject: 'root', roles: ['openshell-user', 'openshell-admin'] },
  { token: 'narrow-token', subject: 'narrow', roles: ['openshell-admin'], scopes: [] },
  { token: 'stranger-token', subject: 'stranger' },
  { token: 'member-token', subject: 'member' },
  { token: 'keeper-token', subject: 'keeper' },
]

const methodsOf = (...services: readonly DescService[]) => services.flatMap((service) => service.methods)

/** What a caller is refused with; `undefined` when the handler is reached. */
type Refusal = { readonly code: status; readonly details: string } | undefined

const denied = (details: string): Refusal => ({ code: status.PERMISSION_DENIED, details })
const forSandboxes = ({ authMode }: MethodRule) =>
  authMode === 'sandbox' ? denied('this method requires a sandbox principal') : undefined

const defaultWorkspace = () => create(WorkspaceSelectorSchema, scope)

/** Names the sandbox and the workspace in a request wherever it has a field for them. Answers what it has named. */
function nameTargets(request: ReflectMessage, sandboxId: string): 'sandbox' | 'workspace' | undefined {
  const set = (name: string, value: string) => {
    const field = request.desc.fields.find((each) => each.name === name && each.fieldKind === 'scalar')
    if (field?.fieldKind === 'scalar') request.set(field, value)
    return field !== undefined
  }
  const selector = request.desc.fields.find(({ name }) => name === 'workspace_scope')
  if (selector?.fieldKind === 'message') request.set(selector, reflect(WorkspaceSelectorSchema, defaultWorkspace()))
  const inWorkspace = set('workspace', 'default') || selector !== undefined
  if (set('sandbox_id', sandboxId)) return 'sandbox'
  if (inWorkspace) return 'workspace'
  if (set('id', sandboxId)) return 'sandbox'
  if (set('name', 'default')) return 'workspace'
  for (const field of request.desc.fields) {
    if (field.fieldKind !== 'message' || !['init', 'start'].includes(field.name)) continue
    const first = reflect(field.message, create(field.message))
    const named = nameTargets(first, sandboxId)
    request.set(field, first)
    return named
  }
  return undefined
}

function requestFor(input: DescMessage, sandboxId: string) {
  const request = reflect(input, create(input))
  const names = nameTargets(request, sandboxId)
  return { bytes: Buffer.from(toBinary(input, request.message)), names }
}

type Names = ReturnType<typeof requestFor>['names']

const needsMember = ({ workspaceRole }: MethodRule, names: Names) => workspaceRole !== '' && names !== undefined

const expectations: readonly [caller: string, token: string, expected: (rule: MethodRule, names: Names) => Refusal][] =
  [
    [
      'nobody',
      '',
      ({ authMode }) =>
        authMode === 'unauthenticated'
          ? undefined
          : { code: status.UNAUTHENTICATED, details: 'missing authorization header' },
    ],
    [
      'somebody with a token of nobody',
      'wrong',
      ({ authMode }) =>
        authMode === 'unauthenticated' ? undefined : { code: status.UNAUTHENTICATED, details: 'invalid token' },
    ],
    ['a platform administrator', 'root-token', forSandboxes],
    [
      'a user without scopes',
      'narrow-token',
      (rule) =>
        forSandboxes(rule) ??
        (rule.scope === '' ? undefined : denied(`this method requires the scope '${rule.scope}'`)),
    ],
    [
      'a user who is no member',
      'stranger-token',
      (rule, names) => {
        if (rule.globalRole !== '') return denied(`this method requires the role '${rule.globalRole}'`)
        if (!needsMember(rule, names)) return forSandboxes(rule)
        if (names === 'sandbox') return { code: status.NOT_FOUND, details: 'sandbox not found' }
        return denied(`this method requires the role '${rule.workspaceRole}' in workspace 'default'`)
      },
    ],
    [
      'a member',
      'member-token',
      (rule, names) => {
        if (rule.globalRole !== '') return denied(`this method requires the role '${rule.globalRole}'`)
        if (!needsMember(rule, names) || rule.workspaceRole === 'user') return forSandboxes(rule)
        return denied(`this method requires the role 'admin' in workspace 'default'`)
      },
    ],
    [
      'an administrator of the workspace',
      'keeper-token',
      (rule) =>
        rule.globalRole === '' ? forSandboxes(rule) : denied(`this method requires the role '${rule.globalRole}'`),
    ],
    [
      'a sandbox',
      'sandbox',
      ({ authMode }) =>
        ['sandbox', 'dual', 'unauthenticated'].includes(authMode)
          ? undefined
          : denied('sandbox principals may not call this method'),
    ],
  ]

const gateTexts =
  /^(this (method|request) requires|sandbox principals may not|missing authorization header|invalid token|sandbox not found$)/

/** Calls a method with one message and its input ended, and answers how the gate refused it. */
function refusalOf(client: Client, method: DescMethod, request: Buffer, token: string): Promise<Refusal> {
  const metadata = new Metadata()
  if (token !== '') metadata.set('authorization', `Bearer ${token}`)
  const same = (bytes: Buffer) => bytes
  const path = `/${method.parent.typeName}/${method.name}`
  return new Promise((resolve) => {
    const stream = client.makeServerStreamRequest(path, same, same, request, metadata)
    stream.on('data', () => stream.cancel())
    stream.on('error', () => undefined)
    stream.on('status', ({ code, details }) => resolve(gateTexts.test(details) ? { code, details } : undefined))
  })
}

/** A gateway with a sandbox and two members in a workspace. */
interface World {
  readonly port: number
  readonly sandboxId: string
  readonly sandboxToken: string
}

const asRoot = { metadata: new Metadata() }
asRoot.metadata.set('authorization', 'Bearer root-token')

const members = [
  { principalSubject: 'member', role: WorkspaceRole.USER },
  { principalSubject: 'keeper', role: WorkspaceRole.ADMIN },
]

async function fill(setup: Setup): Promise<World> {
  const { sandbox } = await setup.client.unary('createSandbox', { name: 'box', spec: {} }, asRoot)
  const sandboxId = sandbox?.metadata?.id ?? ''
  for (const member of members) await setup.client.unary('addWorkspaceMember', member, asRoot)
  return { port: setup.gateway.port, sandboxId, sandboxToken: setup.token(sandboxId) }
}

async function fillLater(setup: LaterSetup): Promise<World> {
  const { sandbox } = await setup.client.unary(
    'createSandbox',
    { name: 'box', spec: {}, workspaceScope: scope },
    asRoot,
  )
  const sandboxId = sandbox?.metadata?.id ?? ''
  for (const { principalSubject, role } of members) {
    const request = { principalSubject, role: role as number, workspaceScope: scope }
    await setup.client.unary('addWorkspaceMember', request, asRoot)
  }
  return { port: setup.gateway.port, sandboxId, sandboxToken: setup.token(sandboxId) }
}

/** Calls each method as everybody, and answers where the gate did another thing than the method's declaration says. */
async function differencesIn({ port, sandboxId, sandboxToken }: World, methods: readonly DescMethod[]) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const differences = await Promise.all(
    expectations.flatMap(([caller, given, expected]) =>
      methods.map(async (method) => {
        const { bytes, names } = requestFor(method.input, sandboxId)
        const wanted = expected(methodRule(method), names)
        const actual = await refusalOf(client, method, bytes, given === 'sandbox' ? sandboxToken : given)
        return JSON.stringify(actual) === JSON.stringify(wanted)
          ? []
          : [{ caller, method: method.name, wanted, actual }]
      }),
    ),
  )
  client.close()
  return differences.flat()
}

test('each method of line 0.0 is open to exactly those whom its declaration names', async () => {
  await using setup = await Setup.start({ auth: { users } })
  expect(await differencesIn(await fill(setup), methodsOf(OpenShell, Inference))).toEqual([])
})

test('gateway-client 4: each method of line 0.1 is open to exactly those whom its declaration names', async () => {
  await using setup = await LaterSetup.start({ auth: { users } })
  // What is no token may be a workload's own credential, which the driver judges there.
  const exchanged = { caller: 'somebody with a token of nobody', method: 'IssueSandboxToken' }
  expect(await differencesIn(await fillLater(setup), methodsOf(LaterOpenShell))).toMatchObject([exchanged])
})

const badMessage = Buffer.from([0xff])
const largeMessage = Buffer.alloc(1_048_577)

test.each<[string, token: string, path: string, request: Buffer, code: status]>([
  ['what does not exist, before the credential', '', 'NoSuchMethod', badMessage, status.UNIMPLEMENTED],
  ['the credential, before the message is read', 'wrong', 'CreateProvider', badMessage, status.UNAUTHENTICATED],
  ['the credential, before the size of the message', 'wrong', 'CreateProvider', largeMessage, status.UNAUTHENTICATED],
  ['the scope, before the message is read', 'narrow-token', 'CreateProvider', badMessage, status.PERMISSION_DENIED],
  ['the message, before the role in its workspace', 'stranger-token', 'CreateProvider', badMessage, status.INTERNAL],
  [
    'the role in the workspace, before the fields',
    'stranger-token',
    'CreateProvider',
    Buffer.alloc(0),
    status.PERMISSION_DENIED,
  ],
  ['the fields', 'root-token', 'CreateProvider', Buffer.alloc(0), status.INVALID_ARGUMENT],
])('what is looked at: %s', async (_name, token, method, request, code) => {
  await using setup = await Setup.start({ auth: { users } })
  const client = new Client(`127.0.0.1:${setup.gateway.port}`, credentials.createInsecure())
  const metadata = new Metadata()
  if (token !== '') metadata.set('authorization', `Bearer ${token}`)
  const same = (bytes: Buffer) => bytes
  const answer = await new Promise<status>((resolve) => {
    client.makeUnaryRequest(`/${OpenShell.typeName}/${method}`, same, same, request, metadata, (error) =>
      resolve(error?.code ?? status.OK),
    )
  })
  client.close()
  expect(answer).toBe(code)
})

test('a member sees its own workspaces in the list', async () => {
  await using setup = await Setup.start({ auth: { users } })
  const as = (token: string) => {
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${token}`)
    return { metadata }
  }
  await setup.client.unary('createWorkspace', { name: 'team' }, as('root-token'))
  const member = { workspace: 'team', principalSubject: 'member', role: WorkspaceRole.USER }
  await setup.client.unary('addWorkspaceMember', member, as('root-token'))
  const seen = async (token: string) => {
    const { workspaces } = await setup.client.unary('listWorkspaces', {}, as(token))
    return workspaces.map(({ metadata }) => metadata?.name)
  }
  expect(await seen('root-token')).toEqual(['default', 'team'])
  expect(await seen('member-token')).toEqual(['team'])
  expect(await seen('stranger-token')).toEqual([])
})
