import type { SandboxProgress } from '@openshell-ts/sdk'
import { describeProgress } from '../describe-progress.js'
import { openProgressLine } from './progress-line.js'
import { defineSubcommand } from './subcommand.js'

/** `delete`: ends a sandbox. */
export const deleteSubcommand = defineSubcommand({
  summary: 'Delete a sandbox, and wait until it is gone',
  words: { NAME: 'name of the sandbox; one that is not there is no failure' },
  flags: { 'no-wait': { type: 'boolean', description: 'do not wait until it is gone' } },
  examples: ['delete box', 'delete box --no-wait', 'delete box --json | jq -r .outcome'],
  exitCodes: { 1: 'the sandbox could not be deleted', 130: 'ended by Ctrl-C' },
  async run({ connect, words, flags, report, stderr, signal, remains }) {
    const sandbox = await (await connect()).sandboxes.tryGet(words.NAME, { signal })
    using line = openProgressLine(stderr, report)
    // Not cut off by Ctrl-C: then it would be open whether the sandbox is to go.
    const { outcome } = (await sandbox?.delete()) ?? { outcome: 'absent' as const }
    remains('The deletion was asked for and goes on.')
    if (flags['no-wait'] !== true && outcome === 'accepted') {
      const onProgress = (progress: SandboxProgress) => line.tell(`${words.NAME}: ${describeProgress(progress)}`)
      await sandbox?.waitDeleted({ signal, onProgress })
    }
    line[Symbol.dispose]()
    const isGone = outcome === 'completed' || flags['no-wait'] !== true
    const text =
      outcome === 'absent' ? `${words.NAME} is not there` : `${words.NAME} is ${isGone ? 'deleted' : 'being deleted'}`
    report.result({ name: words.NAME, outcome }, text)
    return 0
  },
})
