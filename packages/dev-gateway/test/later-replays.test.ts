import { randomUUID } from 'node:crypto'
import { appendFile, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { type ServiceError, status } from '@grpc/grpc-js'
import { ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { describe, expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { temporaryDirectory } from './temporary-directory.js'
import { failure } from './test-client.js'

const create = (setup: LaterSetup, requestId: string, name = '') =>
  setup.client.unary('createSandbox', { workspaceScope: scope, spec: {}, name, requestId })

function reasonOf({ code, metadata }: ServiceError): [status, string | undefined] {
  const [bytes] = metadata.get('grpc-status-details-bin')
  const { details } = fromBinary(StatusSchema, bytes as Buffer)
  return [code, details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? [])[0]?.reason]
}

describe('gateway-client 17: over a restart of the gateway', () => {
  test.each([['in memory'], ['in a folder']])('an answer is given again, kept %s', async (place) => {
    await using directory = await temporaryDirectory()
    const options = place === 'in memory' ? {} : { stateDirectory: directory.path }
    await using setup = await LaterSetup.start(options)
    const id = randomUUID()
    const first = await create(setup, id, 'box')
    await setup.gateway.restart()
    const again = await create(setup, id, 'box')
    expect(again).toEqual(first)
    expect(setup.driver.callsOf('createSandbox')).toHaveLength(1)
    expect(reasonOf(await failure(create(setup, id, 'other')))).toEqual([
      status.INVALID_ARGUMENT,
      'REQUEST_ID_PAYLOAD_MISMATCH',
    ])
  })

  test('what was refused runs again, and so does what is a day old', async () => {
    await using directory = await temporaryDirectory()
    const clock = new TestClock()
    await using setup = await LaterSetup.start({ clock, stateDirectory: directory.path })
    const id = randomUUID()
    setup.driver.replies.createSandbox = () => Promise.reject(new Error('not now'))
    await failure(create(setup, id))
    delete setup.driver.replies.createSandbox
    await setup.gateway.restart()
    const first = await create(setup, id)
    clock.skip(24 * 3_600_000)
    await setup.gateway.restart()
    expect((await create(setup, id)).sandbox?.metadata?.id).not.toBe(first.sandbox?.metadata?.id)
  })

  test('a call that the restart has cut has no known outcome', async () => {
    await using directory = await temporaryDirectory()
    await using setup = await LaterSetup.start({ stateDirectory: directory.path })
    const id = randomUUID()
    const reached = new Promise<void>((resolve) => {
      setup.driver.replies.createSandbox = () => {
        resolve()
        return new Promise(() => undefined)
      }
    })
    const cut = failure(create(setup, id))
    await reached
    await setup.gateway.restart()
    await cut
    expect(reasonOf(await failure(create(setup, id)))).toEqual([
      status.FAILED_PRECONDITION,
      'REQUEST_OUTCOME_UNCERTAIN',
    ])
    expect(setup.driver.callsOf('createSandbox')).toHaveLength(1)
  })

  test('the file is for its owner only, and a line that was cut in it means nothing', async () => {
    await using directory = await temporaryDirectory()
    await using setup = await LaterSetup.start({ stateDirectory: directory.path })
    const id = randomUUID()
    await create(setup, id, 'box')
    const path = join(directory.path, 'requests.jsonl')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await appendFile(path, '{"caller":"user x"')
    await setup.gateway.restart()
    await create(setup, id, 'box')
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(2)
    expect(setup.driver.callsOf('createSandbox')).toHaveLength(1)
  })
})
