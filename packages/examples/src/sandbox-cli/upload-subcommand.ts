import { describeTransfer } from './describe-transfer.js'
import { defineSubcommand } from './subcommand.js'
import { openTransferBar } from './transfer-bar.js'

/** `upload`: a local file or folder into the sandbox. */
export const uploadSubcommand = defineSubcommand({
  summary: 'Copy a local file or folder into a sandbox',
  words: {
    NAME: 'name of the sandbox',
    LOCAL: 'file or folder; a folder that ends with / gives its content only',
    REMOTE: 'path in the sandbox, from its working directory; one that ends with / is a folder',
  },
  flags: {
    'allow-outside': { type: 'boolean', description: 'let the remote path lie outside the working directory' },
    'skip-unreadable': { type: 'boolean', description: 'leave out local files that cannot be read' },
  },
  examples: ['upload box data.csv data/', 'upload box ./src project/', 'upload box ./site/ public --skip-unreadable'],
  exitCodes: { 1: 'nothing was copied, or not all of a folder', 130: 'ended by Ctrl-C' },
  async run({ connect, words, flags, report, stderr, signal, remains }) {
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    remains(`Nothing of ${words.LOCAL} is in the sandbox.`)
    using bar = openTransferBar(stderr, report)
    const result = await sandbox.files.upload(words.LOCAL, words.REMOTE, {
      signal,
      onProgress: bar.onProgress,
      allowOutside: flags['allow-outside'] === true,
      onUnreadable: flags['skip-unreadable'] === true ? 'skip' : 'fail',
    })
    bar[Symbol.dispose]()
    report.result(result, describeTransfer(result))
    return 0
  },
})
