import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { runConformanceCommand } from './cli/conformance-command.js'
import { ignoreClosedPipe } from './cli/ignore-closed-pipe.js'

// The transport has a log of its own, which would put lines between ours.
setLogVerbosity(logVerbosity.NONE)
ignoreClosedPipe()
void runConformanceCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode
})
