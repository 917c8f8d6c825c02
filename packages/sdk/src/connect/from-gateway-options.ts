import type { ConnectOptions } from './connect-options.js'

/** How a client connects to a gateway that the command line tool knows. What is given here wins over environment and files. */
export interface FromGatewayOptions extends Omit<ConnectOptions, 'endpoint'> {
  /** The variables to read. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
