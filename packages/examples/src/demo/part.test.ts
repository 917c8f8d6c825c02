import { expect, test } from 'vitest'
import { type Part, startPart } from './part.js'

function startScript(script: string): Part {
  return startPart({ name: 'script', argv: ['-e', script], output: 'kept' })
}

test('tells how a process ended', async () => {
  expect(await startScript('process.exit(3)').ended).toEqual({ exitCode: 3, text: 'exit code 3' })
  expect(await startScript('process.kill(process.pid, "SIGKILL")').ended).toEqual({
    exitCode: 137,
    text: 'signal SIGKILL',
  })
})

test('keeps the last lines of both streams', async () => {
  const part = startScript('for (let i = 0; i < 30; i++) console.log("line " + i); console.error("bye")')
  await part.ended
  expect(part.lastLines()).toHaveLength(20)
  expect(part.lastLines()).toContain('line 29')
  expect(part.lastLines()).toContain('bye')
  expect(part.lastLines()).not.toContain('line 0')
})

test('ends a process with the signal that it asks for', async () => {
  const part = startScript(
    'process.on("SIGINT", () => process.exit(5)); console.log("ready"); setInterval(() => {}, 1000)',
  )
  await expect.poll(() => part.lastLines()).toContain('ready')
  expect(await part.stop({ signal: 'SIGINT', killAfterMs: 10_000 })).toEqual({ exitCode: 5, text: 'exit code 5' })
})

test('kills a process that does not end', async () => {
  const part = startScript('process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)')
  await expect.poll(() => part.lastLines()).toContain('ready')
  expect(await part.stop({ signal: 'SIGTERM', killAfterMs: 50 })).toMatchObject({ text: 'signal SIGKILL' })
})

test('stopping a process that has ended says how it ended', async () => {
  const part = startScript('process.exit(3)')
  await part.ended
  expect(await part.stop({ signal: 'SIGTERM', killAfterMs: 50 })).toMatchObject({ exitCode: 3 })
})
