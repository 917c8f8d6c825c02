import type { SFTPWrapper } from 'ssh2'
import { extensionVersions } from './sftp-extensions.js'

/** What ssh2 answers to a client's first message: length, type VERSION, version 3. */
const plainVersion = Buffer.from('000000050200000003', 'hex')

/** What ssh2 keeps behind an SFTP channel. */
interface SftpInside {
  _protocol: { channelData(channel: number, bytes: Buffer): void }
  readonly outgoing: { readonly id: number; window: number }
}

/**
 * Tells a client which of OpenSSH's extensions there are, with the first answer that it gets. Clients ask for none that was not
 * announced.
 *
 * This reaches into ssh2, which announces none. Where its inside looks different, nothing is announced.
 */
export function announceExtensions(sftp: SFTPWrapper): void {
  const inside = sftp as unknown as SftpInside
  const { _protocol: protocol, outgoing } = inside
  if (typeof protocol?.channelData !== 'function' || typeof outgoing?.window !== 'number') return
  const version = versionWithExtensions()
  const extraBytes = version.length - plainVersion.length
  const first: SftpInside['_protocol'] = Object.create(protocol)
  first.channelData = (channel, bytes) => {
    inside._protocol = protocol
    const announces = plainVersion.equals(bytes) && outgoing.window >= extraBytes
    // The window was charged for what ssh2 meant to send.
    if (announces) outgoing.window -= extraBytes
    protocol.channelData(channel, announces ? version : bytes)
  }
  inside._protocol = first
}

function versionWithExtensions(): Buffer {
  const pairs = Object.entries(extensionVersions).flatMap(([name, version]) => [text(name), text(version)])
  const packet = Buffer.concat([plainVersion, ...pairs])
  packet.writeUInt32BE(packet.length - 4)
  return packet
}

function text(value: string): Buffer {
  const bytes = Buffer.alloc(4 + value.length, value)
  bytes.writeUInt32BE(value.length)
  bytes.write(value, 4)
  return bytes
}
