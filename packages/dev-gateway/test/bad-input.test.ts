import { once } from 'node:events'
import { type DescMethod, type DescService, fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EitherLineClient, type Fields } from './either-line-client.js'
import { LaterSetup, scope } from './later-setup.js'
import { failure, Setup } from './test-client.js'

const text = (length: number, letter = 'x') => letter.repeat(length)
const entries = (count: number, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`K${index}`, value]))
const structBytes = (value: JsonObject) => toBinary(StructSchema, fromJson(StructSchema, value)).length
/** A block with so much text in it that the whole has this many bytes. */
const blockOf = (bytes: number) => {
  const rest = structBytes({ other: { text: text(60_000) } }) - 60_000
  return { other: { text: text(bytes - rest) } }
}
const nested = (levels: number): JsonObject => (levels === 0 ? {} : { k: nested(levels - 1) })

// One of each field, in the order in which the gateway looks at them: request, spec or template, value, text.
const template = (fields: Fields) => ({ spec: { template: fields } })
const spec = (fields: Fields) => ({ spec: fields })

/** What is wrong with a request, and the whole answer. All are INVALID_ARGUMENT, before the driver is asked. */
const refusals: readonly (readonly [Fields, string])[] = [
  [{ spec: undefined }, 'spec is required'],
  [{ name: text(20) }, 'name exceeds maximum length (20 > 19)'],
  [{ name: text(10, 'é') }, 'name exceeds maximum length (20 > 19)'],
  [{ name: 'Box' }, 'name must contain only lowercase alphanumeric characters or hyphens'],
  [{ name: '-box' }, 'name must not start or end with a hyphen'],
  [{ name: 'box-' }, 'name must not start or end with a hyphen'],
  [{ name: 'b--x' }, 'name must not contain consecutive hyphens'],
  [spec({ providers: Array(33).fill('p') }), 'providers list exceeds maximum (33 > 32)'],
  [spec({ logLevel: text(33) }), 'log_level exceeds maximum length (33 > 32)'],
  [spec({ environment: entries(129) }), 'spec.environment exceeds maximum entries (129 > 128)'],
  [spec({ environment: { [text(257)]: '' } }), 'spec.environment key exceeds maximum length (257 > 256)'],
  [spec({ environment: { A: text(8_193) } }), 'spec.environment value exceeds maximum length (8193 > 8192)'],
  [
    spec({ environment: entries(32, text(8_192)) }),
    'spec.environment total size exceeds 262144 byte limit (262230 bytes)',
  ],
  [spec({ environment: { '1A': '' } }), "spec.environment keys must match ^[A-Za-z_][A-Za-z0-9_]*$; got '1A'"],
  [spec({ environment: { '': '' } }), "spec.environment keys must match ^[A-Za-z_][A-Za-z0-9_]*$; got ''"],
  [
    spec({ environment: { OPENSHELL_PYFUNC_B64: '' } }),
    "spec.environment keys starting with OPENSHELL_ are reserved; got 'OPENSHELL_PYFUNC_B64'",
  ],
  [spec({ environment: { A: '\0' } }), "spec.environment value for 'A' contains null bytes"],
  [spec({ environment: { A: '\n' } }), "spec.environment value for 'A' contains newline or carriage return characters"],
  [spec({ environment: { A: '\r' } }), "spec.environment value for 'A' contains newline or carriage return characters"],
  [template({ image: text(1_025) }), 'template.image exceeds maximum length (1025 > 1024)'],
  [template({ runtimeClassName: text(1_025) }), 'template.runtime_class_name exceeds maximum length (1025 > 1024)'],
  [template({ agentSocket: text(1_025) }), 'template.agent_socket exceeds maximum length (1025 > 1024)'],
  [template({ labels: entries(129) }), 'template.labels exceeds maximum entries (129 > 128)'],
  [template({ labels: { [text(257)]: '' } }), 'template.labels key exceeds maximum length (257 > 256)'],
  [template({ labels: { a: text(8_193) } }), 'template.labels value exceeds maximum length (8193 > 8192)'],
  [template({ annotations: entries(129) }), 'template.annotations exceeds maximum entries (129 > 128)'],
  [template({ annotations: { [text(257)]: '' } }), 'template.annotations key exceeds maximum length (257 > 256)'],
  [template({ annotations: { a: text(8_193) } }), 'template.annotations value exceeds maximum length (8193 > 8192)'],
  [template({ environment: entries(129) }), 'template.environment exceeds maximum entries (129 > 128)'],
  [template({ environment: { [text(257)]: '' } }), 'template.environment key exceeds maximum length (257 > 256)'],
  [template({ environment: { A: text(8_193) } }), 'template.environment value exceeds maximum length (8193 > 8192)'],
  [template({ resources: blockOf(65_537) }), 'template.resources serialized size exceeds maximum (65537 > 65536)'],
  [
    template({ driverConfig: blockOf(65_537) }),
    'template.driver_config serialized size exceeds maximum (65537 > 65536)',
  ],
  [
    template({ environment: entries(32, text(8_192)) }),
    'spec.template.environment total size exceeds 262144 byte limit (262230 bytes)',
  ],
  [
    template({ environment: { '1A': '' } }),
    "spec.template.environment keys must match ^[A-Za-z_][A-Za-z0-9_]*$; got '1A'",
  ],
  [
    template({ environment: { OPENSHELL_X: '' } }),
    "spec.template.environment keys starting with OPENSHELL_ are reserved; got 'OPENSHELL_X'",
  ],
  [template({ environment: { A: '\0' } }), "spec.template.environment value for 'A' contains null bytes"],
  [
    template({ environment: { A: '\r' } }),
    "spec.template.environment value for 'A' contains newline or carriage return characters",
  ],
  [
    template({ environment: { A: '\n' } }),
    "spec.template.environment value for 'A' contains newline or carriage return characters",
  ],
  [spec({ resourceRequirements: { gpu: { count: 0 } } }), 'gpu count must be greater than 0'],
  [spec({ command: Array(257).fill('x') }), 'spec.command exceeds 256 argument limit'],
  [spec({ command: ['', 'x'] }), 'spec.command[0] must not be empty'],
  [spec({ command: ['x', text(32_769)] }), 'spec.command[1] exceeds 32768 byte limit'],
  [spec({ command: ['x', 'a\0b'] }), 'spec.command[1] contains null bytes'],
  [spec({ command: Array(9).fill(text(32_768)) }), 'spec.command total size exceeds 262144 byte limit'],
  [
    spec({ policy: { process: { runAsUser: text(262_144) } } }),
    'policy serialized size exceeds maximum (262152 > 262144)',
  ],
  [{ labels: { '': '' } }, 'label key cannot be empty'],
  [{ labels: { 'a b': '' } }, "label key is invalid: 'a b'"],
  [{ labels: { 'A_/b': '' } }, "label key prefix is invalid: 'A_/b'"],
  [{ labels: { [text(64)]: '' } }, `label key name exceeds 63 characters: '${text(64)}'`],
  [{ labels: { a: text(64) } }, `label value exceeds 63 characters: '${text(64)}'`],
  [{ labels: { a: '-' } }, "label value is invalid: '-'"],
  [{ annotations: entries(129) }, 'annotations exceeds maximum entries (129 > 128)'],
  [{ annotations: { [text(257)]: '' } }, 'annotations key exceeds maximum length (257 > 256)'],
  [{ annotations: { a: text(8_193) } }, 'annotations value exceeds maximum length (8193 > 8192)'],
  [{ annotations: { 'a b': '' } }, "label key is invalid: 'a b'"],
  ...[null, 'x', 1, true, [], [{}]].map(
    (block) => [template({ driverConfig: { acme: block } }), 'template.driver_config.acme must be an object'] as const,
  ),
]

/** What is as large as it may be, and what looks odd and is not. */
const accepted: readonly Fields[] = [
  { name: '1234567890123456789' },
  spec({ environment: entries(128), logLevel: text(32) }),
  spec({ environment: { [text(256, 'A')]: text(8_192), openshell_x: '\t\u0007é' } }),
  spec({ command: ['x', ...Array(255).fill('')] }),
  spec({ command: ['x', ...Array(7).fill(text(32_768))] }),
  spec({ resourceRequirements: { gpu: {} } }),
  template({ image: text(1_024), runtimeClassName: text(1_024), agentSocket: text(1_024) }),
  template({ labels: { 'odd key/': 'any\ntext', '': '' }, annotations: { 'odd key': '' } }),
  template({ resources: blockOf(65_536), driverConfig: blockOf(65_536) }),
  template({ driverConfig: { ACME: 1, ' acme': [], 'acme-driver': null, acme: {} } }),
  {
    labels: { 'openshell.ai/managed-by': 'me', [`a.b/${text(63)}`]: '' },
    annotations: { 'openshell.ai/x': text(8_192) },
  },
]

/** Both requests in one: what the second says wins where both say something. */
function merged(first: Fields, second: Fields): Fields {
  const isFields = (value: unknown): value is Fields =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  return Object.fromEntries(
    [...new Set([...Object.keys(first), ...Object.keys(second)])].map((key) => {
      const [mine, other] = [first[key], second[key]]
      if (!(key in second)) return [key, mine]
      return [key, isFields(mine) && isFields(other) ? merged(mine, other) : other]
    }),
  )
}

const lines = [
  { line: '0.0', services: [OpenShell, Inference] as DescService[], workspace: {} },
  { line: '0.1', services: [LaterOpenShell] as DescService[], workspace: { workspaceScope: scope } },
] as const

describe.each(lines)('on line $line', ({ line, services, workspace }) => {
  let setup: Setup | LaterSetup
  let token: string
  beforeAll(async () => {
    setup = line === '0.0' ? await Setup.start() : await LaterSetup.start()
    const sandbox = await setup.create({ name: 'first' })
    token = setup.token(sandbox.metadata?.id ?? '')
  })
  afterAll(async () => {
    await setup[Symbol.asyncDispose]()
  })

  const client = () => new EitherLineClient(setup.client)
  const refusalOf = (request: Fields) =>
    failure(client().unary('createSandbox', { name: '', spec: {}, ...workspace, ...request }))

  test('each field that breaks a rule has its text, and the driver never hears of it', async () => {
    const before = setup.driver.callsOf('validateSandboxCreate').length
    const answers = await Promise.all(
      refusals.map(async ([request]) => {
        const { code, details } = await refusalOf(request)
        return [status[code], details]
      }),
    )
    expect(answers).toEqual(refusals.map(([, details]) => ['INVALID_ARGUMENT', details]))
    expect(setup.driver.callsOf('validateSandboxCreate')).toHaveLength(before)
  })

  test('what is as large as it may be reaches the driver', async () => {
    for (const request of accepted) {
      await client().unary('createSandbox', { name: '', spec: {}, ...workspace, ...request })
    }
  })

  test('of several problems the first in the gateway’s order is the answer, up to the driver’s own', async () => {
    const ending = line === '0.0' ? { workspace: 'ending' } : { workspaceScope: inWorkspace('ending') }
    await client().unary('createWorkspace', { name: 'ending' })
    await client().unary('createSandbox', { name: 'last', spec: {}, ...ending })
    await failure(client().unary('deleteWorkspace', { name: 'ending' }))
    const ordered: readonly (readonly [Fields, RegExp])[] = [
      [{ name: 'A' }, /^name must/],
      [spec({ providers: Array(33).fill('p') }), /^providers list/],
      [spec({ logLevel: text(33) }), /^log_level/],
      [spec({ environment: entries(129) }), /^spec\.environment exceeds/],
      [spec({ environment: { '1A': '' } }), /^spec\.environment keys/],
      [template({ image: text(1_025) }), /^template\.image/],
      [template({ runtimeClassName: text(1_025) }), /^template\.runtime_class/],
      [template({ agentSocket: text(1_025) }), /^template\.agent_socket/],
      [template({ labels: entries(129) }), /^template\.labels/],
      [template({ annotations: entries(129) }), /^template\.annotations/],
      [template({ environment: entries(129) }), /^template\.environment exceeds/],
      [template({ resources: blockOf(65_537) }), /^template\.resources/],
      [template({ driverConfig: blockOf(65_537) }), /^template\.driver_config serialized/],
      [template({ environment: { '1A': '' } }), /^spec\.template\.environment keys/],
      [spec({ resourceRequirements: { gpu: { count: 0 } } }), /^gpu count/],
      [spec({ command: [''] }), /^spec\.command\[0\]/],
      [spec({ policy: { process: { runAsUser: text(262_144) } } }), /^policy serialized/],
      [{ labels: { 'a b': '' } }, /^label key/],
      [{ annotations: { 'a b': '' } }, /^label key/],
      [line === '0.0' ? { workspace: 'nowhere' } : { workspaceScope: elsewhere }, /^workspace 'nowhere' not found$/],
      [ending, /^workspace 'ending' is being deleted$/],
      [spec({ providers: ['absent'] }), /^provider 'absent' not found$/],
      [template({ driverConfig: { acme: 1 } }), /^template\.driver_config\.acme must be an object$/],
      [{ name: 'first' }, /^sandbox 'first' already exists$/],
    ]
    for (const [index, [, expected]] of ordered.entries()) {
      // What comes later must not take the place of what comes first.
      const request = ordered
        .slice(index)
        .toReversed()
        .reduce((all, [fields]) => merged(all, fields), {})
      expect((await refusalOf(request)).details).toMatch(expected)
    }
  })

  test('a block that is nested too deep is INTERNAL before everything else, and one level less passes', async () => {
    const deep = (levels: number) => template({ driverConfig: { other: nested(levels) } })
    await client().unary('createSandbox', { name: '', ...workspace, ...deep(31) })
    expect(await refusalOf({ name: 'A', ...deep(33) })).toMatchObject({
      code: status.INTERNAL,
      details: expect.stringMatching(
        /^failed to decode Protobuf message: Struct\.fields: Value\.kind: .* SandboxTemplate\.driver_config: SandboxSpec\.template: CreateSandboxRequest\.spec: recursion limit reached$/,
      ),
    })
  })

  test('names and workspaces that are empty, unknown or misnamed have their texts', async () => {
    const call = async (rpc: Parameters<EitherLineClient['unary']>[0], request: Fields) => {
      const { code, details } = await failure(client().unary(rpc, request))
      return `${status[code]} ${details}`
    }
    const away = line === '0.0' ? { workspace: 'nowhere' } : { workspaceScope: elsewhere }
    for (const rpc of ['getSandbox', 'stopSandbox', 'startSandbox', 'deleteSandbox'] as const) {
      expect(await call(rpc, { name: '', ...workspace })).toBe('INVALID_ARGUMENT name is required')
      expect(await call(rpc, { name: 'absent', ...workspace })).toBe('NOT_FOUND sandbox not found')
      expect(await call(rpc, { name: 'first', ...away })).toBe("NOT_FOUND workspace 'nowhere' not found")
    }
    expect(await call('createWorkspace', { name: '' })).toBe('INVALID_ARGUMENT workspace name is required')
    for (const [name, words] of [
      [text(20), 'exceeds maximum length (20 > 19)'],
      ['Team', 'must contain only lowercase alphanumeric characters or hyphens'],
      ['team-', 'must not start or end with a hyphen'],
      ['te--am', 'must not contain consecutive hyphens'],
    ]) {
      expect(await call('createWorkspace', { name })).toBe(`INVALID_ARGUMENT workspace name ${words}`)
    }
    expect(await call('createWorkspace', { name: 'default' })).toBe('ALREADY_EXISTS workspace already exists')
    expect(await call('getWorkspace', { name: '' })).toBe('INVALID_ARGUMENT name is required')
    expect(await call('getWorkspace', { name: 'nowhere' })).toBe('NOT_FOUND workspace not found')
    expect(await call('deleteWorkspace', { name: 'nowhere' })).toBe("NOT_FOUND workspace 'nowhere' not found")
    expect(await call('deleteWorkspace', { name: 'default' })).toBe(
      'FAILED_PRECONDITION the default workspace cannot be deleted',
    )
  })

  test('a provider’s fields have their limits', async () => {
    const refused = async (fields: Fields) => {
      const { name = 'p', ...rest } = fields
      const provider = { metadata: { name }, type: 'generic', credentials: { KEY: 'v' }, ...rest }
      const { code, details } = await failure(client().unary('createProvider', { provider, ...workspace }))
      return `${status[code]} ${details}`
    }
    const broken: readonly (readonly [Fields, string])[] = [
      [{ name: text(254) }, 'provider.name exceeds maximum length (254 > 253)'],
      [{ type: text(65) }, 'provider.type exceeds maximum length (65 > 64)'],
      [{ credentials: entries(33) }, 'provider.credentials exceeds maximum entries (33 > 32)'],
      [{ config: entries(65) }, 'provider.config exceeds maximum entries (65 > 64)'],
      [{ config: { [text(257)]: '' } }, 'provider.config key exceeds maximum length (257 > 256)'],
      [{ config: { a: text(8_193) } }, 'provider.config value exceeds maximum length (8193 > 8192)'],
    ]
    const answers = await Promise.all(broken.map(([fields]) => refused(fields)))
    expect(answers).toEqual(broken.map(([, details]) => `INVALID_ARGUMENT ${details}`))
  })

  test('a sandbox has 32 providers at most, however it comes to them, and a provider without a name is given one', async () => {
    const add = async (name: string) => {
      const provider = { metadata: { name }, type: 'generic', credentials: { [`KEY_${name || 'X'}`]: 'v' } }
      return (await client().unary('createProvider', { provider, ...workspace })).provider?.metadata?.name
    }
    expect(await add('')).toMatch(/^[a-z]+-[a-z]+$/)
    const names = await Promise.all(Array.from({ length: 33 }, (_, index) => add(`p${index}`)))
    await client().unary('createSandbox', { name: 'full', spec: { providers: names.slice(0, 32) }, ...workspace })
    const sandbox = line === '0.0' ? { sandboxName: 'full' } : { sandbox: 'full' }
    const one = line === '0.0' ? { providerName: 'p32' } : { provider: 'p32' }
    expect(await failure(client().unary('attachSandboxProvider', { ...sandbox, ...one, ...workspace }))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(/^providers list exceeds maximum/),
    })
  })

  test('label selectors and sizes of pages are read as the gateway reads them', async () => {
    const list = (request: Fields) => client().unary('listSandboxes', { ...workspace, ...request })
    for (const labelSelector of ['a', '=b', 'a b=c', 'a=-', Array(65).fill('a=b').join(',')]) {
      expect((await failure(list({ labelSelector }))).code).toBe(status.INVALID_ARGUMENT)
    }
    for (const labelSelector of [',', ' a=b', 'a=b,,c=d', 'a=', Array(64).fill('a=b').join(',')]) {
      await list({ labelSelector })
    }
    const size = line === '0.0' ? { limit: 4_000_000_000 } : { pageSize: 2_000_000_000 }
    expect((await list(size)).sandboxes.length).toBeGreaterThan(1)
    if (line === '0.0') return
    expect((await failure(list({ pageSize: -1 }))).details).toBe('page_size must not be negative')
    expect((await failure(list({ pageToken: 'forged' }))).details).toBe('page_token is not valid')
  })

  test('a message over 1 MiB ends a call of every kind with OUT_OF_RANGE, and the gateway goes on', async () => {
    const raw = new Client(`127.0.0.1:${setup.gateway.port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
    // A stream of peers is refused before anything is read from it.
    const methods = services.flatMap((service) =>
      service.methods.filter(({ name }) => name !== 'PeerRelay').map((method) => [service, method] as const),
    )
    const answers = await Promise.all(methods.map(([service, method]) => sendTooMuch(raw, service, method, token)))
    raw.close()
    const tooLarge = 'Error, decoded message length too large: found 1048577 bytes, the limit is: 1048576 bytes'
    expect(new Set(answers)).toEqual(new Set([`OUT_OF_RANGE ${tooLarge}`]))
    await client().unary('health', {})
  })
})

const inWorkspace = (value: string) => ({ selection: { case: 'workspace', value } }) as const
const elsewhere = inWorkspace('nowhere')

/** Sends one byte more than a message may have, and gives the answer; as a supervisor where users may not call. */
async function sendTooMuch(client: Client, service: DescService, method: DescMethod, token: string): Promise<string> {
  const send = async (metadata: Metadata) => {
    const same = (bytes: Buffer) => bytes
    const path = `/${service.typeName}/${method.name}`
    const stream = client.makeBidiStreamRequest(path, same, same, metadata)
    stream.on('data', () => undefined)
    const failed = once(stream, 'error') as Promise<[ServiceError]>
    stream.write(Buffer.alloc(1_048_577))
    const [{ code, details }] = await failed
    return `${status[code]} ${details}`
  }
  const asUser = await send(new Metadata())
  if (!asUser.startsWith('PERMISSION_DENIED')) return asUser
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  return send(metadata)
}
