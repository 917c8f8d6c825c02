import type { WatchEvent } from '@openshell-ts/sdk'
import { defineSubcommand } from './subcommand.js'

/** `watch`: what happens to a sandbox, until it is deleted. */
export const watchSubcommand = defineSubcommand({
  summary: 'Show what happens to a sandbox, until it is deleted, or Ctrl-C',
  words: { NAME: 'name of the sandbox' },
  flags: { logs: { type: 'boolean', description: 'show its log lines too' } },
  examples: ['watch box', 'watch box --logs', 'watch box --json | jq -r .type'],
  exitCodes: { 1: 'the watch broke off' },
  async run({ connect, words, flags, report, signal }) {
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    const describe = createDescription()
    try {
      for await (const event of sandbox.watch({ logs: flags.logs === true, eventTail: 50, signal })) {
        const text = describe(event)
        if (report.json || text !== undefined) report.result(toJson(event), text ?? '')
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return 0
  },
})

/** Events as they are, except for the spec in a state: its environment may hold secrets. */
function toJson(event: WatchEvent): object {
  if (event.type !== 'status') return event
  const { id, name, phase, conditions, exitCode } = event.info
  return { type: 'status', id, name, phase, conditions, exitCode }
}

/** Puts events into words; states that look like the one before are left out. */
function createDescription(): (event: WatchEvent) => string | undefined {
  let lastState = ''
  return (event) => {
    switch (event.type) {
      case 'status': {
        const ready = event.info.conditions.find(({ type }) => type === 'Ready')
        const state = [event.info.phase, ready?.reason, ready?.message].filter(Boolean).join(' · ')
        const isNew = state !== lastState
        lastState = state
        return isNew ? `state    ${state}` : undefined
      }
      case 'log':
        return `log      ${event.line.message}`
      case 'platform-event':
        return `event    ${event.event.reason}: ${event.event.message}`
      case 'gap':
        return `gap      events may be missing here (${event.reason})`
      case 'reconnected':
        return 'watch    the connection was lost and is back'
      case 'deleted':
        return 'deleted'
    }
  }
}
