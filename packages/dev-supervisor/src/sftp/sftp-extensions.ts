import type { SftpFiles } from './sftp-files.js'
import { badMessage, unsupported } from './sftp-status.js'

/** The extensions that are served, with their versions. */
export const extensionVersions: Readonly<Record<string, string>> = {
  'posix-rename@openssh.com': '1',
  'hardlink@openssh.com': '1',
  'fsync@openssh.com': '1',
}

/** Serves the requests that OpenSSH has added to the protocol. */
export async function runExtension(files: SftpFiles, name: string, data: Buffer): Promise<void> {
  switch (name) {
    case 'posix-rename@openssh.com': {
      const [from, to] = readStrings(data, 2)
      return files.replace(from.toString(), to.toString())
    }
    case 'hardlink@openssh.com': {
      const [existing, created] = readStrings(data, 2)
      return files.hardLink(existing.toString(), created.toString())
    }
    case 'fsync@openssh.com': {
      const [handle] = readStrings(data, 1)
      return files.sync(handle)
    }
    default:
      throw unsupported()
  }
}

function readStrings(data: Buffer, count: 1 | 2): [Buffer, Buffer] {
  const strings: Buffer[] = []
  let position = 0
  while (strings.length < count) {
    if (data.length < position + 4) throw badMessage('Incomplete request')
    const end = position + 4 + data.readUInt32BE(position)
    if (data.length < end) throw badMessage('Incomplete request')
    strings.push(data.subarray(position + 4, end))
    position = end
  }
  return [strings[0] ?? data, strings[1] ?? data]
}
