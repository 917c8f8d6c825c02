import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { runConformanceCommand } from './cli/conformance-command.js'

// The transport has a log of its own, which would put lines between ours.
setLogVerbosity(logVerbosity.NONE)
void runConformanceCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode
})
