import type { WatchEvent } from '@openshell-ts/sdk'
import { describeConnection } from './describe-connection.js'
import { defineSubcommand } from './subcommand.js'
import { watchEventToJson } from './watch-event-to-json.js'

/** `watch`: what happens to a sandbox, until it is deleted. */
export const watchSubcommand = defineSubcommand({
  summary: 'Show what happens to a sandbox, until it is deleted, or Ctrl-C, also over lost connections',
  words: { NAME: 'name of the sandbox' },
  flags: { logs: { type: 'boolean', description: 'show its log lines too' } },
  examples: ['watch box', 'watch box --logs', 'watch box --json | jq -r .type'],
  exitCodes: { 1: 'the watch broke off' },
  async run({ connect, words, flags, report, signal }) {
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    const describe = createDescription()
    try {
      for await (const event of sandbox.watch({ logs: flags.logs === true, eventTail: 50, signal })) {
        if (report.json) {
          report.result(watchEventToJson(event), '')
          continue
        }
        const [text, connection] = [describe(event), describeConnection(event)]
        if (text !== undefined) report.result(event, text)
        if (connection !== undefined) report.note(connection)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return 0
  },
})

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
      case 'deleted':
        return 'deleted'
      case 'disconnected':
      case 'reconnected':
        return undefined
    }
  }
}
