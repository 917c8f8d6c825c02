import { create, type DescField, type DescMessage, type DescMethod, ScalarType, toBinary } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { EitherLineClient } from './either-line-client.js'
import { LaterSetup, scope } from './later-setup.js'
import { Setup } from './test-client.js'

/** A generator of numbers that gives the same ones in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Fills messages with what no careful client sends, and with what exists here and there. */
class OddRequests {
  readonly #random: () => number
  readonly #texts: readonly string[]

  constructor(seed: number, known: readonly string[]) {
    this.#random = randomNumbers(seed)
    this.#texts = [
      ...known,
      '',
      ' ',
      '\0',
      '--',
      'A',
      'é'.repeat(200),
      'x'.repeat(300),
      '../..',
      '__proto__',
      'constructor',
      '\n',
    ]
  }

  message(desc: DescMessage, depth = 0): ReflectMessage {
    const message = reflect(desc, create(desc))
    for (const field of desc.fields) if (this.#random() < 0.6 && depth < 5) this.#fill(message, field, depth)
    return message
  }

  #fill(message: ReflectMessage, field: DescField, depth: number): void {
    switch (field.fieldKind) {
      case 'scalar':
        message.set(field, this.#scalar(field.scalar))
        break
      case 'enum':
        message.set(field, this.#one([0, 1, 2, 3, 99, -1]))
        break
      case 'message':
        message.set(field, this.message(field.message, depth + 1))
        break
      case 'list': {
        const list = message.get(field)
        for (let count = Math.floor(this.#random() * 3); count > 0; count--) {
          if (field.listKind === 'scalar') list.add(this.#scalar(field.scalar))
          else if (field.listKind === 'enum') list.add(this.#one([0, 1, 99]))
          else list.add(this.message(field.message, depth + 1))
        }
        break
      }
      case 'map': {
        const map = message.get(field)
        const key = field.mapKey === ScalarType.STRING ? this.#one(this.#texts) : 1
        if (field.mapKind === 'scalar') map.set(key, this.#scalar(field.scalar))
        else if (field.mapKind === 'message') map.set(key, this.message(field.message, depth + 1))
        break
      }
    }
  }

  #scalar(type: ScalarType): string | boolean | number | bigint | Uint8Array {
    switch (type) {
      case ScalarType.STRING:
        return this.#one(this.#texts)
      case ScalarType.BOOL:
        return this.#random() < 0.5
      case ScalarType.BYTES:
        return new Uint8Array(Math.floor(this.#random() * 20))
      case ScalarType.DOUBLE:
      case ScalarType.FLOAT:
        return this.#one([0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      case ScalarType.INT64:
      case ScalarType.SINT64:
      case ScalarType.SFIXED64:
        return this.#one([0n, 1n, -1n, 253_402_300_800n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n])
      case ScalarType.UINT64:
      case ScalarType.FIXED64:
        return this.#one([0n, 1n, 18_446_744_073_709_551_615n])
      case ScalarType.UINT32:
      case ScalarType.FIXED32:
        return this.#one([0, 1, 22, 70_000, 4_294_967_295])
      default:
        return this.#one([0, 1, -1, 2_147_483_647, -2_147_483_648, 1_000_000_000])
    }
  }

  #one<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random() * values.length)] as Value
  }
}

// More find no more; a few hundred rounds are for whoever changes how requests are read.
const rounds = 3
const seed = 7

describe.each([
  ['0.0', [OpenShell, Inference]],
  ['0.1', [LaterOpenShell]],
] as const)('on line %s', (line, services) => {
  test('no request, however odd, from a user or from a supervisor, meets a gateway that does not know what to say', async () => {
    const logged: string[] = []
    const logger = pino({ level: 'error' }, { write: (text: string) => logged.push(text) })
    const options = { logger, timings: { sessionWaitMs: 0, relayClaimMs: 1 } }
    await using setup = line === '0.0' ? await Setup.start(options) : await LaterSetup.start(options)
    const { metadata } = await setup.create()
    const id = metadata?.id ?? ''
    const provider = { metadata: { name: 'keys' }, type: 'generic', credentials: { KEY: 'v' } }
    await new EitherLineClient(setup.client).unary('createProvider', {
      provider,
      ...(line === '0.1' && { workspaceScope: scope }),
    })
    const odd = new OddRequests(seed, ['box', id, 'default', 'keys', 'KEY', '127.0.0.1', 'openai'])
    const raw = new Client(`127.0.0.1:${setup.gateway.port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
    const asSupervisor = new Metadata()
    asSupervisor.set('authorization', `Bearer ${setup.token(id)}`)
    const methods = services.flatMap((service) => service.methods.map((method) => [service.typeName, method] as const))
    const unsure: string[] = []
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        methods.flatMap(([service, method]) =>
          [new Metadata(), asSupervisor].map(async (who) => {
            const message = odd.message(method.input)
            const answer = await callWith(raw, service, method, toBinary(method.input, message.message), who)
            const isUnsure = answer.code === status.UNKNOWN || answer.details.includes('unexpectedly')
            if (isUnsure) unsure.push(`${method.name}: ${answer.details}`)
          }),
        ),
      )
    }
    raw.close()
    expect([...new Set(unsure)]).toEqual([])
    expect(logged).toEqual([])
  })
})

/** Calls a method with one message; a stream that stays open is cancelled. */
function callWith(
  client: Client,
  service: string,
  method: DescMethod,
  bytes: Uint8Array,
  metadata: Metadata,
): Promise<{ code: status; details: string }> {
  const same = (value: Buffer) => value
  const stream = client.makeBidiStreamRequest(`/${service}/${method.name}`, same, same, metadata)
  return new Promise((resolve) => {
    // A stream that is served does not end by itself; the time only bounds how long it is looked at.
    const timer = setTimeout(() => stream.cancel(), method.methodKind === 'unary' ? 30_000 : 50)
    stream.on('data', () => undefined).on('error', () => undefined)
    stream.on('status', ({ code, details }) => {
      clearTimeout(timer)
      resolve({ code, details })
    })
    stream.write(Buffer.from(bytes))
    stream.end()
  })
}
