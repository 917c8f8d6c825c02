import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

test('a sandbox is created, stopped, started and deleted, and its watcher sees each step once', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const { client } = served
  const watch = await TestWatch.open(client)
  const id = 'one'
  await client.unary('createSandbox', { sandbox: sandboxMessage(id) })
  await client.unary('stopSandbox', { sandboxId: id, name: `name-${id}` })
  await client.unary('startSandbox', { sandboxId: id, name: `name-${id}` })
  const { deleted } = await client.unary('deleteSandbox', { sandboxId: id, name: `name-${id}` })
  await watch.until(() => watch.story(id).includes('deleted'))
  watch.close()
  expect(deleted).toBe(true)
  expect(backend.calls).toEqual(['create one', 'stop one', 'start one', 'delete one'])
  expect(watch.story(id)).toEqual([
    'False Starting',
    'True BackendReady',
    'Unknown Stopping',
    'False ContainerStopped',
    'False Starting',
    'True BackendReady',
    'deleting',
    'deleted',
  ])
  expect(await readdir(join(served.stateDirectory, 'sandboxes'))).toEqual([])
})
