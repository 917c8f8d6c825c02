import ssh2 from 'ssh2'

const { STATUS_CODE } = ssh2.utils.sftp

/** An answer that is no success: a status code of SFTP, and a text for people. */
export class SftpStatus extends Error {
  override readonly name = 'SftpStatus'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** There is nothing more to read. */
export const endOfFile = new SftpStatus(STATUS_CODE.EOF, 'End of file')

// As OpenSSH's server answers; every other error is a FAILURE.
const codes: Readonly<Record<string, number>> = {
  ENOENT: STATUS_CODE.NO_SUCH_FILE,
  ENOTDIR: STATUS_CODE.NO_SUCH_FILE,
  EBADF: STATUS_CODE.NO_SUCH_FILE,
  ELOOP: STATUS_CODE.NO_SUCH_FILE,
  EPERM: STATUS_CODE.PERMISSION_DENIED,
  EACCES: STATUS_CODE.PERMISSION_DENIED,
  EFAULT: STATUS_CODE.PERMISSION_DENIED,
  ENAMETOOLONG: STATUS_CODE.BAD_MESSAGE,
  EINVAL: STATUS_CODE.BAD_MESSAGE,
  ENOSYS: STATUS_CODE.OP_UNSUPPORTED,
}

/** The status for what an operation threw; the text names the system's error and no path. */
export function toSftpStatus(error: unknown): SftpStatus {
  if (error instanceof SftpStatus) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  // A path with a NUL character.
  if (code === 'ERR_INVALID_ARG_VALUE') return new SftpStatus(STATUS_CODE.BAD_MESSAGE, 'Bad path')
  return new SftpStatus(codes[code] ?? STATUS_CODE.FAILURE, code || 'Failure')
}

/** The request cannot be understood. */
export function badMessage(message: string): SftpStatus {
  return new SftpStatus(STATUS_CODE.BAD_MESSAGE, message)
}

/** The request is not served here. */
export function unsupported(): SftpStatus {
  return new SftpStatus(STATUS_CODE.OP_UNSUPPORTED, 'Operation not supported')
}
