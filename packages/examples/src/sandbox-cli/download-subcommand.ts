import { stat } from 'node:fs/promises'
import { describeTransfer } from './describe-transfer.js'
import { defineSubcommand } from './subcommand.js'
import { openTransferBar } from './transfer-bar.js'

/** `download`: a file or folder of the sandbox to this machine. */
export const downloadSubcommand = defineSubcommand({
  summary: 'Copy a file or folder of a sandbox to this machine',
  words: {
    NAME: 'name of the sandbox',
    REMOTE: 'path in the sandbox; a folder that ends with / gives its content only',
    LOCAL: 'where to; a folder that is there, and what ends with /, gets it under its name',
  },
  flags: {
    'allow-outside': { type: 'boolean', description: 'let the remote path lie outside the working directory' },
    'skip-unsafe': {
      type: 'boolean',
      description: 'leave out what leads out of the local folder, and what is no file',
    },
  },
  examples: [
    'download box report.html .',
    'download box project/dist/ ./dist',
    'download box /var/log/ ./log --allow-outside',
  ],
  exitCodes: { 1: 'nothing was copied, or not all of a folder', 130: 'ended by Ctrl-C' },
  async run({ connect, words, flags, report, stderr, signal, remains }) {
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    remains(`Nothing of ${words.REMOTE} was copied.`)
    using bar = openTransferBar(stderr, report)
    const result = await sandbox.files.download(words.REMOTE, await asFolder(words.LOCAL), {
      signal,
      onProgress: bar.onProgress,
      allowOutside: flags['allow-outside'] === true,
      onUnsafe: flags['skip-unsafe'] === true ? 'skip' : 'fail',
    })
    bar[Symbol.dispose]()
    report.result(result, describeTransfer(result))
    return 0
  },
})

// As cp has it: a file goes into a folder that is there.
async function asFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ? `${path}/` : path
}
