import { createSubcommand } from './create-subcommand.js'
import { deleteSubcommand } from './delete-subcommand.js'
import { downloadSubcommand } from './download-subcommand.js'
import { forwardSubcommand } from './forward-subcommand.js'
import { listSubcommand } from './list-subcommand.js'
import { logsSubcommand } from './logs-subcommand.js'
import { runSubcommand } from './run-subcommand.js'
import { shellSubcommand } from './shell-subcommand.js'
import type { Subcommand } from './subcommand.js'
import { uploadSubcommand } from './upload-subcommand.js'
import { watchSubcommand } from './watch-subcommand.js'

/** All subcommands by name, in the order of `--help`. */
export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  create: createSubcommand,
  list: listSubcommand,
  run: runSubcommand,
  shell: shellSubcommand,
  upload: uploadSubcommand,
  download: downloadSubcommand,
  forward: forwardSubcommand,
  logs: logsSubcommand,
  watch: watchSubcommand,
  delete: deleteSubcommand,
}
